import { Anchor, Group, Skeleton, Text, Title, VisuallyHidden } from "@mantine/core";
import { IconPhoneOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { useZone } from "../../api/me";
import { type AttemptDetail, attemptLogQuery, attemptQuery } from "../../api/attempts";
import { explain } from "../../api/client";
import { Breadcrumb } from "../../components/Breadcrumb";
import { EmptyState, ErrorState, StaleAlert } from "../../components/States";
import { instant } from "../../lib/time";
import { useTitle } from "../../lib/useTitle";
import { nameOf } from "../attempts/AttemptTable";
import { Outcome } from "../attempts/Outcome";
import classes from "./Attempt.module.css";
import { Facts } from "./Facts";
import { Permit } from "./Permit";
import { RawLog } from "./RawLog";
import { Story } from "./Story";

const route = getRouteApi("/attempts/$id");

/** One call's story: why it was allowed, what happened, how it ended. */
export default function Attempt() {
  const { id } = route.useParams();
  const { data, error, refetch, dataUpdatedAt } = useQuery(attemptQuery(id));
  useTitle(data ? `Call of ${nameOf(data)}` : "Attempt");
  return (
    <>
      <Breadcrumb>
        <Anchor component={Link} to="/attempts" fz="inherit">Attempts</Anchor>
      </Breadcrumb>
      {data ? (
        <>
          {error && <StaleAlert error={error} since={dataUpdatedAt} retry={() => void refetch()} />}
          <Loaded attempt={data} />
        </>
      ) : error && explain(error).code === "not_found" ? (
        <Gone />
      ) : error ? (
        <ErrorState what="this call" order={1} error={error} retry={() => void refetch()} />
      ) : (
        <Loading />
      )}
    </>
  );
}

function Loaded({ attempt: a }: { attempt: AttemptDetail }) {
  const log = useQuery(attemptLogQuery(a.id));
  const zone = useZone();
  return (
    <>
      <Group gap="sm" mb={2}>
        <Title order={1} style={{ overflowWrap: "anywhere" }}>Call of <bdi>{nameOf(a)}</bdi></Title>
        <Outcome attempt={a} />
      </Group>
      <Text size="sm" c="dimmed" mb="md">{instant(a.intent_at, zone)} · {a.cadence_name}, {a.step}{a.run > 1 ? `, run ${a.run}` : ""}</Text>
      <div className={classes.layout}>
        <div className={classes.column}>
          <Story attempt={a} log={log.data} error={log.error} zone={zone} />
          <RawLog id={a.id} log={log.data} zone={zone} />
        </div>
        <div className={classes.column}>
          <Facts attempt={a} />
          <Permit verdict={a.verdict} />
        </div>
      </div>
    </>
  );
}

/** A call that was taken back before it was sent leaves no attempt. */
function Gone() {
  return (
    <EmptyState icon={IconPhoneOff} order={1} title="There is no such attempt" action={<Anchor component={Link} to="/attempts">To the attempts</Anchor>}>
      A call that was still “being sent” may have been taken back: too late for its caller ID or hours, stopped, or un-enrolled.
      Then nobody was dialed, it counts in nothing, and its lead waits for the next due time.
    </EmptyState>
  );
}

function Loading() {
  return (
    <div aria-busy="true">
      <VisuallyHidden><h1>Loading the call</h1></VisuallyHidden>
      <Skeleton h={30} w={280} mb="md" />
      <div className={classes.layout}>
        <Skeleton h={320} />
        <Skeleton h={320} />
      </div>
    </div>
  );
}
