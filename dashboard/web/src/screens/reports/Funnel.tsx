import { Table } from "@mantine/core";
import type { AttemptFilter } from "../../api/attempts";
import type { CallReport } from "../../api/reports";
import { rates } from "../../lib/figures";
import { brief, count, plural, rate } from "../../lib/format";
import classes from "./Reports.module.css";
import { Calls, None, Scroll } from "./Section";

type Row = { key: string; name: string; about: string; filter: AttemptFilter } & Pick<CallReport, "leads" | "attempts" | "completed" | "contacts" | "conversions" | "completion_rate" | "contact_rate" | "conversion_rate">;

/** The rows of the funnel: steps by run of one cadence, or every cadence. */
function rowsOf(report: CallReport, filter: AttemptFilter): Row[] {
  if (!report.cadence)
    return report.by_cadence.map((c) => ({ ...c, key: c.id, name: c.name || "A deleted cadence", about: plural(c.leads, "lead"), filter: { ...filter, cadence: c.id } }));
  return report.by_step.map((s) => ({
    ...s, key: `${s.run} ${s.step}`, name: `${s.position}. ${s.step}`, about: `run ${s.run} · ${plural(s.leads, "lead")}`, filter: { ...filter, step: s.step, run: s.run },
  }));
}

const parts = [
  { key: "attempts", label: "Attempts" }, { key: "completed", label: "Completed" }, { key: "contacts", label: "Contacts" }, { key: "conversions", label: "Conversions" },
] as const;

/** How many of the attempts got how far, on one scale for all rows. */
export function Funnel({ report, filter, table }: { report: CallReport; filter: AttemptFilter; table: boolean }) {
  const rows = rowsOf(report, filter);
  if (rows.length === 0) return <None>No call of this time is over.</None>;
  if (table) return <FunnelTable rows={rows} />;
  const most = Math.max(...rows.map((r) => r.attempts), 1);
  return (
    <>
      <ul className={classes.legend} aria-label="Legend">
        {parts.map((p) => <li key={p.key}><i data-part={p.key} aria-hidden />{p.label}</li>)}
      </ul>
      <ul className={classes.bars}>
        {rows.map((r) => (
          <li key={r.key}>
            <div className={classes.name}><strong>{r.name}</strong><small className="num">{r.about}</small></div>
            <div className={classes.track} aria-hidden>
              {parts.map((p) => <i key={p.key} data-part={p.key} style={{ width: `${(r[p.key] / most) * 100}%` }} />)}
            </div>
            <div className={`${classes.said} num`}>
              {parts.map((p, i) => <span key={p.key}>{i > 0 && " → "}<Calls of={{ ...r.filter, counts: p.key }} n={r[p.key]}>{brief(r[p.key])}<span className="visually-hidden"> {p.label.toLowerCase()} of {r.name}, {r.about}</span></Calls></span>)}
              <small>contact {rate(r.contact_rate)}</small>
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}

function FunnelTable({ rows }: { rows: readonly Row[] }) {
  return (
    <Scroll of="Funnel" width={820}>
      <Table className="rows num" verticalSpacing={7}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Where</Table.Th>
            {["Leads", ...parts.map((p) => p.label), ...rates.map((r) => `${r.label} rate`)].map((h) => <Table.Th key={h} ta="right">{h}</Table.Th>)}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((r) => (
            <Table.Tr key={r.key}>
              <Table.Td miw={150}>{r.name}<br /><small>{r.about}</small></Table.Td>
              <Table.Td ta="right">{count(r.leads)}</Table.Td>
              {parts.map((p) => <Table.Td key={p.key} ta="right"><Calls of={{ ...r.filter, counts: p.key }} n={r[p.key]}>{count(r[p.key])}</Calls></Table.Td>)}
              {rates.map((x) => <Table.Td key={x.key} ta="right">{rate(r[x.key])}</Table.Td>)}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scroll>
  );
}
