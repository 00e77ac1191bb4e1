import { Table, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import type { Attempt } from "../../api/attempts";
import { ago, lengthWords, timeOfDay } from "../../lib/time";
import { ToldWhen } from "../../components/When";
import classes from "./Attempts.module.css";
import { Outcome } from "./Outcome";
import type { TailRow } from "./tail";

interface Props {
  rows: readonly TailRow[];
  now: string;
  zone?: string;
}

/** The calls on a wide screen. */
export function AttemptTable({ rows, now, zone }: Props) {
  return (
    <Table.ScrollContainer minWidth={900} type="native" tabIndex={0} pos="relative">
      <Table aria-label="Attempts" className={`rows ${classes.table}`} verticalSpacing={8} horizontalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            {["Time", "Lead", "Cadence and step", "Called", "Caller ID", "Outcome"].map((h) => <Table.Th key={h}>{h}</Table.Th>)}
            <Table.Th ta="right">Talked</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((r) => <Row key={r.attempt.id} row={r} when={ago(r.attempt.intent_at, now)} zone={zone} />)}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** Drawn again when something about this call is new, and not with every fetch. */
const Row = memo(function Row({ row: { attempt: a, stale }, zone, when }: { row: TailRow; zone?: string; when: string }) {
  return (
    <Table.Tr data-attempt={a.id}>
      <Table.Td className="num">
        <Link to="/attempts/$id" params={{ id: a.id }} className="open-link">{timeOfDay(a.intent_at, zone)}</Link>
        <Text size="xs" c="dimmed" component="div"><ToldWhen at={a.intent_at} words={when} /></Text>
      </Table.Td>
      <Table.Td maw={260}><Text size="sm" lineClamp={2} style={{ overflowWrap: "anywhere" }}><bdi>{nameOf(a)}</bdi></Text></Table.Td>
      <Table.Td maw={280}>
        <Text size="sm" lineClamp={1}>{a.cadence_name}</Text>
        <Text size="xs" c="dimmed">{a.step}{a.run > 1 ? `, run ${a.run}` : ""}</Text>
      </Table.Td>
      <Table.Td className="num">{a.to || "erased"}</Table.Td>
      <Table.Td className="num">{a.from}</Table.Td>
      <Table.Td><Outcome attempt={a} stale={stale} /></Table.Td>
      <Table.Td ta="right" className="num">{a.talk_seconds > 0 ? lengthWords(a.talk_seconds) : "–"}</Table.Td>
    </Table.Tr>
  );
});

/** The calls on a narrow screen. */
export function AttemptCards({ rows, now, zone }: Props) {
  return (
    <ul className={classes.list}>
      {rows.map(({ attempt: a, stale }) => (
        <li key={a.id} data-attempt={a.id}>
          <Link to="/attempts/$id" params={{ id: a.id }} className="open-link"><bdi>{nameOf(a)}</bdi></Link>
          <Outcome attempt={a} stale={stale} />
          <span className={classes.wide}>
            {timeOfDay(a.intent_at, zone)}, <ToldWhen at={a.intent_at} words={ago(a.intent_at, now)} /> · {a.cadence_name}, {a.step} · {a.to || "erased"} from {a.from}{a.talk_seconds > 0 ? ` · talked ${lengthWords(a.talk_seconds)}` : ""}
          </span>
        </li>
      ))}
    </ul>
  );
}

export const nameOf = (a: Pick<Attempt, "lead_name">): string => a.lead_name || "No name";
