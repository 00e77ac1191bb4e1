import { Badge, Button, Group, Table, Text, VisuallyHidden } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { memo, useState } from "react";
import { useMay } from "../../api/me";
import type { CallerID } from "../../api/numbers";
import { Definition } from "../../components/Definition";
import { When } from "../../components/When";
import { count, rate } from "../../lib/format";
import { instant } from "../../lib/time";
import badge from "../attempts/Attempts.module.css";
import { type definitions, illNames, restedBy, stateNames } from "./definitions";
import { RestDialog, WakeDialog } from "./RestDialog";

const tones = { ready: "good", full: "warn", resting: "bad" } as const;

interface Props {
  rows: readonly CallerID[];
  now: string;
  zone?: string;
  about: ReturnType<typeof definitions>;
}

/** Our numbers with their use today, their figures, and why some rest. */
export function NumberTable({ rows, now, zone, about }: Props) {
  const may = useMay()("numbers.manage");
  const [asked, ask] = useState<{ number: CallerID; what: "rest" | "wake" }>();
  const close = () => ask(undefined);
  return (
    <>
      <Table.ScrollContainer type="native" tabIndex={0} pos="relative" minWidth={1080}>
        <Table className="rows" horizontalSpacing="md" verticalSpacing={8}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Number</Table.Th><Table.Th>State</Table.Th><Table.Th ta="right">Today<Definition of="Today">{about.today}</Definition></Table.Th>
              <Table.Th ta="right">Answered<Definition of="Answered">{about.answered}</Definition></Table.Th><Table.Th ta="right">Short<Definition of="Short">{about.short}</Definition></Table.Th>
              <Table.Th ta="right">Neighbours<Definition of="Neighbours">{about.near}</Definition></Table.Th><Table.Th>Last used</Table.Th>
              <Table.Th><VisuallyHidden>Actions</VisuallyHidden></Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>{rows.map((n) => <Row key={n.number} n={n} now={now} zone={zone} may={may} ask={ask} />)}</Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {asked?.what === "rest" && <RestDialog number={asked.number} now={now} zone={zone} close={close} />}
      {asked?.what === "wake" && <WakeDialog number={asked.number} close={close} />}
    </>
  );
}

interface RowProps {
  n: CallerID;
  now: string;
  zone?: string;
  may: boolean;
  ask: (what: { number: CallerID; what: "rest" | "wake" }) => void;
}

const Row = memo(
  function Row({ n, now, zone, may, ask }: RowProps) {
    const h = n.health;
    return (
      <Table.Tr data-number={n.number}>
        <Table.Td>
          <Link to="/attempts" search={{ caller_id: n.number }} className="open-link num" title="Its calls">{n.number}</Link>
          <Text size="xs" c="dimmed"><bdi>{n.pools.map((p) => p.name).join(", ")}</bdi>{n.region && ` · ${n.region}`}</Text>
        </Table.Td>
        <Table.Td maw={360}>
          <Badge className={badge.badge} data-tone={tones[n.state]}>{stateNames[n.state]}</Badge>
          {n.rest && (
            <Text size="xs" c="dimmed" mt={4} style={{ overflowWrap: "anywhere" }}>
              Until {instant(n.rest.until, zone)}, because of {restedBy(n.rest)}: {n.rest.reason}
            </Text>
          )}
          {!n.rest && [...new Set(n.pools.flatMap((p) => (p.ill ? [p.ill] : [])))].map((i) => <Text key={i} size="xs" mt={4} style={{ color: "var(--app-warn)" }}>{illNames[i] ?? i}; it does not rest, since half of its pool does or resting is off</Text>)}
        </Table.Td>
        <Table.Td ta="right" className="num">{count(n.calls_today)}<Text size="xs" c="dimmed">{n.daily_cap === null ? "no cap" : `of ${count(n.daily_cap)}`}</Text></Table.Td>
        <Table.Td ta="right" className="num">{rate(h.answer_rate)}<Text size="xs" c="dimmed">{h.enough ? `${rate(h.answer_interval.low)} to ${rate(h.answer_interval.high)}` : "too few to judge"}, {count(h.attempts)} calls</Text></Table.Td>
        <Table.Td ta="right" className="num">{rate(h.short_ratio)}<Text size="xs" c="dimmed">{count(h.short_calls)} of {count(h.answered)}</Text></Table.Td>
        <Table.Td ta="right" className="num">{rate(h.neighbour_ratio)}</Table.Td>
        <Table.Td>{n.last_used ? <When at={n.last_used} now={now} /> : "Never"}</Table.Td>
        <Table.Td>
          {may && (
            <Group gap={6} justify="flex-end" wrap="nowrap">
              {n.rest && <Button size="compact-sm" variant="default" aria-label={`Wake ${n.number}`} onClick={() => ask({ number: n, what: "wake" })}>Wake…</Button>}
              <Button size="compact-sm" variant="default" aria-label={`Put ${n.number} to rest`} onClick={() => ask({ number: n, what: "rest" })}>Rest…</Button>
            </Group>
          )}
        </Table.Td>
      </Table.Tr>
    );
  },
  // The clock alone draws no row again; what it changed comes with the row.
  (was, is) => was.n === is.n && was.zone === is.zone && was.may === is.may,
);
