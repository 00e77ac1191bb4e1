import { Button, Skeleton, Text, Title } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type Attempt, attemptsQuery } from "../../api/attempts";
import { ErrorState } from "../../components/States";
import { lengthWords, instant } from "../../lib/time";
import classes from "../attempt/Attempt.module.css";
import { local } from "../attempt/Facts";
import { answeredBy } from "../attempt/story";
import { Outcome } from "../attempts/Outcome";
import own from "./Lead.module.css";

/** Every call to the lead, newest first; each opens to its permit. */
export function Touches({ lead, zone }: { lead: string; zone?: string }) {
  const list = useInfiniteQuery(attemptsQuery({ lead }));
  const calls = list.data?.pages.flatMap((p) => p.items);
  return (
    <section className={`card ${classes.part}`} aria-labelledby="touches">
      <Title order={2} id="touches" mb="xs">What was done so far</Title>
      {!calls ? (
        list.error ? <ErrorState what="the calls" error={list.error} retry={() => void list.refetch()} /> : <Skeleton h={140} />
      ) : calls.length === 0 ? (
        <Text size="sm" c="dimmed">Nothing yet: this lead was never called.</Text>
      ) : (
        <>
          <ol className={own.calls}>{calls.map((a) => <Touch key={a.id} call={a} zone={zone} />)}</ol>
          {list.hasNextPage && <Button mt="sm" size="compact-md" variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>Show older</Button>}
        </>
      )}
    </section>
  );
}

function Touch({ call: a, zone }: { call: Attempt; zone?: string }) {
  return (
    <li data-attempt={a.id}>
      <div className={own.line}>
        <Link to="/attempts/$id" params={{ id: a.id }} className="open-link num">{instant(a.intent_at, zone)}</Link>
        <Outcome attempt={a} />
      </div>
      <Text size="sm" c="dimmed">
        {a.cadence_name}, {a.step}{a.run > 1 ? `, run ${a.run}` : ""} · {a.to || "erased"} from {a.from}
        {a.answered_by ? ` · answered by ${answeredBy(a.answered_by)}` : ""}{a.talk_seconds > 0 ? `, talked ${lengthWords(a.talk_seconds)}` : ""}
      </Text>
      <Text size="xs" c="dimmed">Permit: allowed{a.rule ? ` by ${a.rule}` : ""}, {local(a.local_time)} their time{a.zone ? ` (${a.zone})` : ""}</Text>
    </li>
  );
}
