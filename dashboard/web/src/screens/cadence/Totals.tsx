import type { CadenceDetail } from "../../api/client";
import { Defined } from "../../components/Definition";
import { rates } from "../../lib/figures";
import { count, plural, rate } from "../../lib/format";
import classes from "./Cadence.module.css";

/** The cadence's own figures over all time. */
export function Totals({ cadence: c }: { cadence: CadenceDetail }) {
  const from = [`${count(c.completed)} of ${plural(c.attempts, "attempt")}`, `${count(c.contacts)} of ${plural(c.attempts, "attempt")}`, `${count(c.conversions)} of ${plural(c.contacts, "contact")}`];
  return (
    <dl className={`card ${classes.totals} num`}>
      <div>
        <dt>Enrolled</dt>
        <dd>{count(c.enrolled)}</dd>
        <dd className={classes.from}>{c.enrolled === 1 ? "lead in it now" : "leads in it now"}</dd>
      </div>
      {rates.map((r, i) => (
        <div key={r.key}>
          <dt><Defined words={`${r.label} rate`}>{r.about}</Defined></dt>
          <dd>{rate(c[r.key])}</dd>
          <dd className={classes.from}>{from[i]}</dd>
        </div>
      ))}
    </dl>
  );
}
