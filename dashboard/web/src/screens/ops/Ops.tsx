import { Button, Group, Skeleton, Table, Text, Title, VisuallyHidden } from "@mantine/core";
import { IconHeartbeat, IconPhoneCall } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useId } from "react";
import { useDeed, useMay, useZone } from "../../api/me";
import { type Machine, acceptClock, machineQuery } from "../../api/ops";
import { Notice } from "../../components/Notice";
import { EmptyState, ErrorState, StaleAlert } from "../../components/States";
import { When } from "../../components/When";
import { brief, bytes, count } from "../../lib/format";
import { instant, lengthWords, took } from "../../lib/time";
import { useTitle } from "../../lib/useTitle";
import { useLive } from "../../live/useLive";
import { stateNames } from "../attempts/search";
import { AbandonPanel } from "../compliance/AbandonPanel";
import { Figure } from "../overview/Cards";
import { alarmsOf } from "./alarms";
import { definitions, resultNames } from "./definitions";
import classes from "./Ops.module.css";

/** How often (ms) the machine is looked at: what is recent moves also when no call does. */
const LOOK = 5_000;

/** Whether the machine does what it should, and if not what to do. */
export default function Ops() {
  useTitle("Ops");
  const may = useMay();
  const held = useLive((l) => l.link === "paused");
  const { data, error, refetch, dataUpdatedAt } = useQuery({ ...machineQuery, refetchInterval: held ? false : LOOK });
  return (
    <>
      <Group justify="space-between" mb="md" gap="xs">
        <Title order={1}>Ops</Title>
        <Group gap="sm">
          {data && <Text size="sm" c="dimmed">Recent means the last {lengthWords(data.window_seconds)}. Running since {instant(data.started_at)}.</Text>}
          {may("rehearse") && <Button component={Link} to="/rehearsals" variant="default" leftSection={<IconPhoneCall size={16} aria-hidden />}>Rehearsals</Button>}
        </Group>
      </Group>
      {error && data && <StaleAlert error={error} since={dataUpdatedAt} retry={() => void refetch()} />}
      {data ? <Board m={data} /> : error ? <section className="card"><ErrorState what="the machine" error={error} retry={() => void refetch()} /></section> : <Loading />}
    </>
  );
}

function Board({ m }: { m: Machine }) {
  const zone = useZone();
  return (
    <>
      <Alarms m={m} />
      <Panel title="Queue">
        <Figure label="Pending" about={definitions.pending} value={brief(m.queue.pending)} from={m.queue.next_due ? `next at ${instant(m.queue.next_due, zone)}` : "nothing is due"} />
        <Figure label="Ready" about={definitions.ready} value={count(m.queue.ready)} />
        <Figure label="Allowed, not sent" about={definitions.orders} value={count(m.queue.orders)} from={`at ${count(m.queue.orders_most)} nothing more is granted`} />
        <Figure label="Late by" about={definitions.lateness} value={took(m.lateness.p50)} from={spread(m.lateness)} />
        <Figure label="Stuck" about={definitions.stuck} value={count(m.open.stuck)} from="must be 0" />
      </Panel>
      <Panel title="Pace">
        <Figure label="Calls/s" about={definitions.perSecond} value={m.pace.calls_per_second.toFixed(1)} from={`of ${m.pace.cps} allowed`} />
        <Figure label="Rate granted" about={definitions.rate} value={m.pace.rate.toFixed(m.pace.rate < 10 ? 2 : 0)} from={m.pace.rate < 0.995 * m.pace.cps ? "recovering" : "in full"} />
        <Figure label="Channels" about={definitions.channels} value={count(m.pace.channels_in_use)} from={`of ${count(m.pace.channels)}`} />
        <Figure label="Requests under way" about={definitions.placing} value={count(m.queue.placing)} from={`of ${count(m.queue.placers)} at a time`} />
        <Figure label="Webhooks come after" about={definitions.delay} value={took(m.webhook_delay.p50)} from={spread(m.webhook_delay)} />
      </Panel>
      {m.ledger && (
        <Panel title="Ledger">
          <Figure label="Commit" about={definitions.commit} value={m.ledger.commit_p99_seconds > 0 ? took(m.ledger.commit_p99_seconds) : "–"} from="99 of 100 are quicker" />
          <Figure label="Free disk" about={definitions.free} value={bytes(m.ledger.free_bytes)} from={`at least ${bytes(m.ledger.min_free_bytes)}`} />
          <Figure label="Doubts" about={definitions.doubts} value={count(m.ledger.suspicious.length)} from="must be 0" />
          <Figure label="Set aside" about={definitions.quarantined} value={count(m.quarantined)} from="must be 0" />
          <Figure label="Mended at start" about={definitions.repaired} value={count(m.ledger.repaired.length)} from={m.ledger.repaired[0] ?? "nothing"} />
        </Panel>
      )}
      <AbandonPanel />
      <div className={classes.two}>
        <OpenCalls m={m} />
        <Requests m={m} />
      </div>
    </>
  );
}

function Alarms({ m }: { m: Machine }) {
  const may = useMay();
  const accept = useDeed("ops", "Clock accepted", acceptClock, () => "Dialing goes on once nothing else is in its way.");
  const alarms = alarmsOf(m);
  if (alarms.length === 0) return <Notice tone="good" mb="md" title="Nothing needs you">Clock, disk, ledger, carrier and public URL are as they should be.</Notice>;
  return (
    <div role="region" aria-label="What needs somebody">
      {alarms.map((a) => <Notice key={a.title} tone={a.tone} mb="sm" title={a.title}>{a.text}</Notice>)}
      {m.dialing.reason === "clock" && may("ops.manage") && (
        <Button mb="md" variant="default" loading={accept.isPending} onClick={() => accept.mutate(undefined)}>The clock is right: go on</Button>
      )}
    </div>
  );
}

function Panel({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className={`card ${classes.group}`} aria-labelledby={id}>
      <Title order={2} id={id} className={classes.title}>{title}</Title>
      <div className={classes.figures}>{children}</div>
    </section>
  );
}

const states = ["intent", "unknown", "placed", "ringing", "live", "closing"] as const;

function OpenCalls({ m }: { m: Machine }) {
  return (
    <section className="card" aria-labelledby="open">
      <Title order={2} id="open" className={classes.title}>Calls that are not over</Title>
      <Table aria-labelledby="open" className="rows" horizontalSpacing="md">
        <Table.Thead><Table.Tr><Table.Th>State</Table.Th><Table.Th ta="right">Calls</Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody>{states.map((key) => <Table.Tr key={key}><Table.Td>{stateNames[key]}</Table.Td><Table.Td ta="right" className="num">{count(m.open[key])}</Table.Td></Table.Tr>)}</Table.Tbody>
      </Table>
    </section>
  );
}

function Requests({ m }: { m: Machine }) {
  return (
    <section className="card" aria-labelledby="requests">
      <Title order={2} id="requests" className={classes.title}>What the carrier answered</Title>
      {m.requests.length === 0 ? (
        <EmptyState icon={IconHeartbeat} title="No request of late">Each request to place a call is counted here by its answer: accepted, or the reason why not, with what to do.</EmptyState>
      ) : (
        <Table.ScrollContainer type="native" tabIndex={0} pos="relative" minWidth={420}>
          <Table aria-labelledby="requests" className="rows" horizontalSpacing="md">
            <Table.Thead><Table.Tr><Table.Th>Answer</Table.Th><Table.Th ta="right">Requests</Table.Th><Table.Th>Last</Table.Th></Table.Tr></Table.Thead>
            <Table.Tbody>
              {m.requests.map((r) => (
                <Table.Tr key={r.result}>
                  <Table.Td>{resultNames[r.result] ?? <code>{r.result}</code>}</Table.Td>
                  <Table.Td ta="right" className="num">{count(r.count)}</Table.Td>
                  <Table.Td><When at={r.last_at} now={new Date().toISOString()} /></Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </section>
  );
}

const spread = (s: Machine["lateness"]): string => (s.count === 0 ? "none of late" : `99 %: ${took(s.p99)}, most ${took(s.max)}`);

function Loading() {
  return (
    <div aria-busy="true">
      <VisuallyHidden>Loading the machine</VisuallyHidden>
      {Array.from({ length: 3 }, (_, i) => <section key={i} className={`card ${classes.group}`} style={{ padding: 18 }}><Skeleton h={20} w="30%" mb={14} /><Skeleton h={44} /></section>)}
    </div>
  );
}
