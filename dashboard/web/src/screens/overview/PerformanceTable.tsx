import { Table } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Fragment } from "react";
import type { AttemptFilter } from "../../api/attempts";
import { type Rates, type TypeGroup, rates, typeNames } from "../../lib/figures";
import { count, plural, rate } from "../../lib/format";
import { Calls } from "../reports/Section";

interface Counts extends Rates {
  attempts: number;
  completed: number;
  contacts: number;
  conversions: number;
}

/** The chart's figures as a table: every type and, below it, every cadence. */
export function PerformanceTable({ groups, of }: { groups: readonly TypeGroup[]; of: AttemptFilter }) {
  return (
    <Table.ScrollContainer minWidth={820} type="native" tabIndex={0} pos="relative">
      <Table aria-label="Performance by type and cadence" className="rows num" verticalSpacing={7} horizontalSpacing="md">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Type or cadence</Table.Th>
            {["Attempts", "Completed", "Contacts", "Conversions", ...rates.map((r) => r.label)].map((h) => <Table.Th key={h} ta="right">{h}</Table.Th>)}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {groups.map((g) => (
            <Fragment key={g.type}>
              <Table.Tr fw={600}>
                <Table.Td>{typeNames[g.type]}, {plural(g.cadences.length, "cadence")}</Table.Td>
                <Cells of={g} calls={{ ...of, type: g.type }} />
              </Table.Tr>
              {g.cadences.map((c) => (
                <Table.Tr key={c.id}>
                  <Table.Td pl={32}><Link to="/cadences/$id" params={{ id: c.id }} className="open-link">{c.name}</Link></Table.Td>
                  <Cells of={c} calls={{ from: of.from, to: of.to, cadence: c.id }} />
                </Table.Tr>
              ))}
            </Fragment>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

const counted = ["attempts", "completed", "contacts", "conversions"] as const;

function Cells({ of, calls }: { of: Counts; calls: AttemptFilter }) {
  return (
    <>
      {counted.map((k) => <Table.Td key={k} ta="right"><Calls of={{ ...calls, counts: k }} n={of[k]}>{count(of[k])}</Calls></Table.Td>)}
      {rates.map((r) => <Table.Td key={r.key} ta="right">{rate(of[r.key])}</Table.Td>)}
    </>
  );
}
