import { Table } from "@mantine/core";
import type { AttemptFilter } from "../../api/attempts";
import type { CallReport } from "../../api/reports";
import { count, plural, rate } from "../../lib/format";
import classes from "./Reports.module.css";
import { Calls, None, Scroll } from "./Section";

/** How the calls ended, by their standing disposition. */
export function Dispositions({ report, other, filter, table }: { report: CallReport; other?: CallReport; filter: AttemptFilter; table: boolean }) {
  const rows = report.by_disposition;
  if (rows.length === 0) return <None>No call of this time is over.</None>;
  const before = (code: string) => other?.by_disposition.find((d) => d.code === code)?.share ?? 0;
  const name = (d: (typeof rows)[number]) => <Calls of={{ ...filter, disposition: d.code }} n={d.code ? d.calls : 0}>{d.label || "None"}</Calls>;
  if (table)
    return (
      <Scroll of="Dispositions" width={360}>
        <Table className="rows num" verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr><Table.Th>Disposition</Table.Th><Table.Th ta="right">Calls</Table.Th><Table.Th ta="right">Share</Table.Th>{other && <Table.Th ta="right">Share before</Table.Th>}</Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((d) => (
              <Table.Tr key={d.code}><Table.Td>{name(d)}</Table.Td><Table.Td ta="right">{count(d.calls)}</Table.Td><Table.Td ta="right">{rate(d.share)}</Table.Td>{other && <Table.Td ta="right">{rate(before(d.code))}</Table.Td>}</Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scroll>
    );
  return (
    <ul className={classes.bars} data-narrow>
      {rows.map((d) => (
        <li key={d.code}>
          <div className={classes.name}>{name(d)}</div>
          <div className={classes.track} aria-hidden>
            <i data-part="contacts" style={{ width: `${d.share * 100}%` }} />
            {other && <b style={{ left: `${before(d.code) * 100}%` }} />}
          </div>
          <div className={`${classes.said} num`}>{rate(d.share)} <small>{plural(d.calls, "call")}{other && `, before ${rate(before(d.code))}`}</small></div>
        </li>
      ))}
    </ul>
  );
}
