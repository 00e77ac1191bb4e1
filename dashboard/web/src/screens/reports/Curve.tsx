import { Table } from "@mantine/core";
import type { CallReport } from "../../api/reports";
import { count, plural, rate } from "../../lib/format";
import classes from "./Reports.module.css";
import { None, Scroll } from "./Section";

/** How many of the leads were reached by which attempt. */
export function Curve({ report, table }: { report: CallReport; table: boolean }) {
  const { points } = report.attempts_to_contact;
  if (points.length === 0) return <None>No lead was called for the first time in this time.</None>;
  if (table)
    return (
      <Scroll of="Attempts to contact" width={540}>
        <Table className="rows num" verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              {["Attempt", "Leads that had it", "First contacts", "Contact rate", "Leads reached by then"].map((h, i) => <Table.Th key={h} ta={i ? "right" : undefined}>{h}</Table.Th>)}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {points.map((p) => (
              <Table.Tr key={p.attempt}>
                <Table.Td>{p.attempt}{p.attempt === 30 && " and later"}</Table.Td>
                <Table.Td ta="right">{count(p.reached)}</Table.Td>
                <Table.Td ta="right">{count(p.contacts)}</Table.Td>
                <Table.Td ta="right">{rate(p.contact_rate)}</Table.Td>
                <Table.Td ta="right">{rate(p.cumulative)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scroll>
    );
  return (
    <ul className={classes.bars} data-narrow>
      {points.map((p) => (
        <li key={p.attempt}>
          <div className={classes.name}>Attempt {p.attempt}{p.attempt === 30 && " and later"}<small className="num">{plural(p.reached, "lead")} had it</small></div>
          <div className={classes.track} aria-hidden>
            <i data-part="completed" style={{ width: `${p.cumulative * 100}%` }} />
            <i data-part="contacts" style={{ width: `${(p.contact_rate ?? 0) * 100}%` }} />
          </div>
          <div className={`${classes.said} num`}>{rate(p.contact_rate)} <small>reached in it, {rate(p.cumulative)} by then</small></div>
        </li>
      ))}
    </ul>
  );
}
