import { Table, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { AttemptFilter } from "../../api/attempts";
import { useMay } from "../../api/me";
import type { CallReport } from "../../api/reports";
import { count, plural, rate } from "../../lib/format";
import { dayNames } from "../attempts/search";
import classes from "./Reports.module.css";
import { Calls, None, Scroll } from "./Section";

/** Fewer attempts than this say little about an hour. */
export const FEW = 20;

type Cell = CallReport["hours"][number];

/** The contact rate of each hour of the week where the lead is. The hours shown are those in which calls were made. */
export function HeatMap({ report, filter, table }: { report: CallReport; filter: AttemptFilter; table: boolean }) {
  const cells = report.hours;
  if (cells.length === 0) return <None>No call of this time is over.</None>;
  return (
    <>
      {table ? <HourTable cells={cells} filter={filter} /> : <Grid cells={cells} filter={filter} />}
      {report.no_hour.attempts > 0 && <Text size="sm" c="dimmed" mt="xs">{plural(report.no_hour.attempts, "more attempt")} went to leads whose zone is not known.</Text>}
    </>
  );
}

function Grid({ cells, filter }: { cells: readonly Cell[]; filter: AttemptFilter }) {
  const hours = cells.map((c) => c.hour);
  const columns = Array.from({ length: Math.max(...hours) - Math.min(...hours) + 1 }, (_, i) => Math.min(...hours) + i);
  const top = Math.max(...cells.filter((c) => c.attempts >= FEW).map((c) => c.contact_rate ?? 0), 0.01);
  const at = new Map(cells.map((c) => [c.weekday * 24 + c.hour, c]));
  return (
    <div className={classes.heat} tabIndex={0} role="group" aria-label="Contact rate by hour and weekday">
      <table aria-label="Contact rate by hour and weekday, in percent">
        <thead>
          <tr>
            <td />
            {columns.map((h) => <th key={h} scope="col">{h}</th>)}
          </tr>
        </thead>
        <tbody>
          {dayNames.map((day, d) => (
            <tr key={day}>
              <th scope="row">{day.slice(0, 3)}</th>
              {columns.map((h) => <td key={h}><Hour cell={at.get((d + 1) * 24 + h)} top={top} filter={filter} /></td>)}
            </tr>
          ))}
        </tbody>
      </table>
      <p className={classes.scale}>
        <span>0%</span><i aria-hidden /><span>{rate(top)}</span><span className={classes.few} aria-hidden /> fewer than {FEW} attempts
      </p>
    </div>
  );
}

function Hour({ cell, top, filter }: { cell?: Cell; top: number; filter: AttemptFilter }) {
  const may = useMay();
  if (!cell) return null;
  const share = cell.contact_rate ?? 0;
  const words = `${dayNames[cell.weekday - 1]} ${cell.hour}:00: ${rate(cell.contact_rate)}, ${count(cell.contacts)} of ${plural(cell.attempts, "attempt")}`;
  const look = { "data-few": cell.attempts < FEW, style: { "--heat": Math.min(1, share / top) } as React.CSSProperties, title: words };
  const text = <><span aria-hidden>{Math.round(share * 100)}</span><span className="visually-hidden">{words}</span></>;
  if (!may("attempts.read")) return <span className={classes.hour} {...look}>{text}</span>;
  return <Link to="/attempts" search={{ ...filter, weekday: cell.weekday, hour: cell.hour, counts: "attempts" }} className={classes.hour} {...look}>{text}</Link>;
}

function HourTable({ cells, filter }: { cells: readonly Cell[]; filter: AttemptFilter }) {
  return (
    <Scroll of="Hours of the week" width={420}>
      <Table className="rows num" verticalSpacing={5} stickyHeader>
        <Table.Thead>
          <Table.Tr><Table.Th>Hour where the lead is</Table.Th><Table.Th ta="right">Attempts</Table.Th><Table.Th ta="right">Contacts</Table.Th><Table.Th ta="right">Contact rate</Table.Th></Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {cells.map((c) => (
            <Table.Tr key={c.weekday * 24 + c.hour}>
              <Table.Td>{dayNames[c.weekday - 1]}, {c.hour}:00</Table.Td>
              <Table.Td ta="right"><Calls of={{ ...filter, weekday: c.weekday, hour: c.hour, counts: "attempts" }} n={c.attempts}>{count(c.attempts)}</Calls></Table.Td>
              <Table.Td ta="right"><Calls of={{ ...filter, weekday: c.weekday, hour: c.hour, counts: "contacts" }} n={c.contacts}>{count(c.contacts)}</Calls></Table.Td>
              <Table.Td ta="right">{rate(c.contact_rate)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scroll>
  );
}
