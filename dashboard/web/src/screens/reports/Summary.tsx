import type { AttemptFilter } from "../../api/attempts";
import type { CallReport } from "../../api/reports";
import { type Change, countChange, rateChange } from "../../lib/change";
import { definitions } from "../../lib/figures";
import { brief, count, rate } from "../../lib/format";
import { period } from "../../lib/time";
import { Figure } from "../overview/Cards";
import figures from "../overview/Figures.module.css";
import { Calls } from "./Section";

interface Props {
  report: CallReport;
  /** The report of the period to compare with. */
  other?: CallReport;
  zone?: string;
  filter: AttemptFilter;
}

/** The sums of the report, each with its change against the period it is compared with. */
export function Summary({ report: r, other, zone, filter }: Props) {
  const changed = (change: Change | null | false | undefined) => other && <Changed change={change || null} of={period(other.period, zone)} />;
  return (
    <section className={`card ${figures.cards}`} aria-label="Sums of the report">
      <Figure label="Attempts" about="Calls the carrier accepted, that are over and began in this time." value={brief(r.attempts)} from={`to ${count(r.leads)} enrolled leads`}>
        {changed(other && countChange(r.attempts, other.attempts))}
      </Figure>
      <Figure label="Completion rate" about={definitions.completion} value={rate(r.completion_rate)} from={<Calls of={{ ...filter, counts: "completed" }} n={r.completed}>{brief(r.completed)} completed</Calls>}>
        {changed(other && rateChange(r.completion_rate, other.completion_rate))}
      </Figure>
      <Figure label="Contact rate" about={definitions.contact} value={rate(r.contact_rate)} from={<Calls of={{ ...filter, counts: "contacts" }} n={r.contacts}>{brief(r.contacts)} contacts</Calls>}>
        {changed(other && rateChange(r.contact_rate, other.contact_rate))}
      </Figure>
      <Figure label="Conversion rate" about={definitions.conversion} value={rate(r.conversion_rate)} from={<Calls of={{ ...filter, counts: "conversions" }} n={r.conversions}>{brief(r.conversions)} conversions</Calls>}>
        {changed(other && rateChange(r.conversion_rate, other.conversion_rate))}
      </Figure>
      <Figure label="Abandon rate" about={definitions.abandoned} value={rate(r.abandon_rate)} from={<Calls of={{ ...filter, counts: "abandoned" }} n={r.abandoned}>{brief(r.abandoned)} of {brief(r.answered)} answered</Calls>}>
        {changed(other && turned(rateChange(r.abandon_rate, other.abandon_rate)))}
      </Figure>
    </section>
  );
}

/** More abandoned calls are no improvement. */
const turned = (c: Change | null): Change | null => c && { ...c, way: c.way === "up" ? "down" : c.way === "down" ? "up" : "same" };

function Changed({ change, of }: { change: Change | null; of: string }) {
  return (
    <div className={figures.change}>
      {change ? <><strong data-way={change.way}>{change.words}</strong> of</> : "Nothing to compare with in"} <span className="num">{of}</span>
    </div>
  );
}
