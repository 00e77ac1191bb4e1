import { Badge, Button, Skeleton, Text, Title } from "@mantine/core";
import { IconPhoneIncoming, IconPhoneOutgoing } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type Attempt, type ReturnCall, attemptsQuery, returnCallsQuery } from "../../api/attempts";
import { ErrorState } from "../../components/States";
import { words } from "../../lib/format";
import { instant, lengthWords, wall } from "../../lib/time";
import classes from "../attempt/Attempt.module.css";
import { answeredBy } from "../attempt/telling";
import badge from "../attempts/Attempts.module.css";
import { Outcome } from "../attempts/Outcome";
import own from "./Lead.module.css";
import { cameOf, timeline } from "./history";

/** Every call to the lead and every call of theirs to us, newest first; each of ours opens to its permit. */
export function Touches({ lead, zone }: { lead: string; zone?: string }) {
  const list = useInfiniteQuery(attemptsQuery({ lead }));
  const backs = useInfiniteQuery(returnCallsQuery(lead));
  const error = list.error ?? backs.error;
  const again = () => {
    void list.refetch();
    void backs.refetch();
  };
  const older = () => {
    if (list.hasNextPage) void list.fetchNextPage();
    if (backs.hasNextPage) void backs.fetchNextPage();
  };
  const rows = list.data && backs.data && timeline(
    { items: list.data.pages.flatMap((p) => p.items), more: list.hasNextPage },
    { items: backs.data.pages.flatMap((p) => p.items), more: backs.hasNextPage },
  );
  return (
    <section className={`card ${classes.part}`} aria-labelledby="touches">
      <Title order={2} id="touches" mb="xs">What was done so far</Title>
      {!rows ? (
        error ? <ErrorState what="the calls" error={error} retry={again} /> : <Skeleton h={140} />
      ) : rows.length === 0 ? (
        <Text size="sm" c="dimmed">Nothing yet: this lead was never called, and never called us.</Text>
      ) : (
        <>
          <ol className={own.calls}>{rows.map((t) => (t.call ? <Touch key={t.id} call={t.call} zone={zone} /> : <Back key={t.id} back={t.back} zone={zone} />))}</ol>
          {(list.hasNextPage || backs.hasNextPage) && <Button mt="sm" size="compact-md" variant="default" loading={list.isFetchingNextPage || backs.isFetchingNextPage} onClick={older}>Show older</Button>}
        </>
      )}
    </section>
  );
}

/** A call of theirs to one of our numbers. */
function Back({ back: b, zone }: { back: ReturnCall; zone?: string }) {
  const { label, tone } = cameOf(b);
  return (
    <li data-return={b.id}>
      <div className={own.line}>
        <span className={own.way}><IconPhoneIncoming size={15} aria-hidden /><span className="num">{instant(b.at, zone)}</span></span>
        <Badge variant="default" className={badge.badge} data-tone={tone}>{label}</Badge>
      </div>
      <Text size="sm" c="dimmed">
        They called {b.to} from {b.from || "a withheld number"}{b.cadence_name && `, about ${b.cadence_name}`}
        {b.digits && ` · pressed ${b.digits}`}{b.seconds > 0 && ` · ${lengthWords(b.seconds)}`}{b.disposition && ` · ${words(b.disposition)}`}
      </Text>
      {b.note && <Text size="xs" c="dimmed"><bdi>{b.note}</bdi></Text>}
    </li>
  );
}

function Touch({ call: a, zone }: { call: Attempt; zone?: string }) {
  return (
    <li data-attempt={a.id}>
      <div className={own.line}>
        <span className={own.way}><IconPhoneOutgoing size={15} aria-hidden /><Link to="/attempts/$id" params={{ id: a.id }} className="open-link num">{instant(a.intent_at, zone)}</Link></span>
        <Outcome attempt={a} />
      </div>
      <Text size="sm" c="dimmed">
        {a.cadence_name}, {a.step}{a.run > 1 ? `, run ${a.run}` : ""} · {a.to || "erased"} from {a.from}
        {a.answered_by ? ` · answered by ${answeredBy(a.answered_by)}` : ""}{a.talk_seconds > 0 ? `, talked ${lengthWords(a.talk_seconds)}` : ""}
      </Text>
      <Text size="xs" c="dimmed">Permit: allowed{a.rule ? ` by ${a.rule}` : ""}, {wall(a.local_time)} their time{a.zone ? ` (${a.zone})` : ""}</Text>
    </li>
  );
}
