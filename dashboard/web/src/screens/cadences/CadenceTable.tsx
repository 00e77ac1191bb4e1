import { Table, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import type { CadenceItem } from "../../api/client";
import { StatusBadge } from "../../components/StatusBadge";
import { ToldWhen } from "../../components/When";
import { rates, typeNames } from "../../lib/figures";
import { brief, rate } from "../../lib/format";
import { ago } from "../../lib/time";
import { ActiveSwitch } from "./ActiveSwitch";
import { CadenceMenu } from "./CadenceMenu";
import classes from "./CadenceTable.module.css";

const right = ["Steps", "Enrolled", "Attempts", ...rates.map((r) => r.label)];

/** The list on a wide screen. */
export function CadenceTable({ items, now }: { items: readonly CadenceItem[]; now: string }) {
  return (
    <Table.ScrollContainer minWidth={860} type="native" tabIndex={0} pos="relative">
      <Table aria-label="Cadences" className={`rows ${classes.table}`} verticalSpacing={9} horizontalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>Status</Table.Th>
            {right.map((h) => <Table.Th key={h} ta="right">{h}</Table.Th>)}
            <Table.Th className={classes.created}>Created</Table.Th>
            <Table.Th>Active</Table.Th>
            <Table.Th><span className={classes.hidden}>Actions</span></Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((c) => <Line key={c.id} c={c} created={ago(c.created_at, now)} />)}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** Drawn again when something about this cadence is new. */
const Line = memo(function Line({ c, created }: { c: CadenceItem; created: string }) {
  return (
    <Table.Tr data-cadence={c.name}>
      <Table.Td className={classes.name}>
        <Link to="/cadences/$id" params={{ id: c.id }} className="open-link">{c.name}</Link>
        <Text size="xs" c="dimmed" lineClamp={1}>{typeNames[c.type]}{c.description ? ` · ${c.description}` : ""}</Text>
      </Table.Td>
      <Table.Td><StatusBadge cadence={c} /></Table.Td>
      <Table.Td ta="right" className="num">{c.steps}</Table.Td>
      <Table.Td ta="right" className="num">{brief(c.enrolled)}</Table.Td>
      <Table.Td ta="right" className="num">{brief(c.attempts)}</Table.Td>
      {rates.map((r) => <Table.Td key={r.key} ta="right" className="num">{rate(c[r.key])}</Table.Td>)}
      <Table.Td c="dimmed" fz="sm" className={classes.created}><ToldWhen at={c.created_at} words={created} /></Table.Td>
      <Table.Td><ActiveSwitch cadence={c} /></Table.Td>
      <Table.Td pl={0}><CadenceMenu cadence={c} /></Table.Td>
    </Table.Tr>
  );
});
