import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { AttemptFilter } from "../../api/attempts";
import type { LiveFrame, Overview } from "../../api/client";
import { useMay } from "../../api/me";
import { Defined } from "../../components/Definition";
import { type Change, rateChange } from "../../lib/change";
import { type RateKey, definitions } from "../../lib/figures";
import { brief, count, decimal, plural, rate, ratio } from "../../lib/format";
import { period } from "../../lib/time";
import { useLive } from "../../live/useLive";
import classes from "./Figures.module.css";

/**
 * The figures a manager looks at first. Those of all time move with the live stream; those of a period come with the
 * period before it and are fetched again when something changed.
 */
export function Cards({ figures }: { figures: Overview }) {
  const active = figures.by_cadence.filter((c) => c.status === "active").length;
  return (
    <section className={`card ${classes.cards}`} aria-label="Key figures">
      <Figure label="Total cadences" about={definitions.total} value={count(figures.total_cadences)} from={<Link to="/cadences" search={{ status: "active" }}>{count(active)} active</Link>}>
        {figures.period && <div className={classes.change}>{figures.created === 0 ? "None created in this time" : `${count(figures.created)} of them created in this time`}</div>}
      </Figure>
      <Figure label="Average steps" about={definitions.steps} value={decimal(figures.average_steps)} from="per active cadence">
        {figures.period && <div className={classes.change}>As it is now</div>}
      </Figure>
      <RateCard label="Completion rate" about={definitions.completion} rateKey="completion_rate" figures={figures} part="completed" of="attempts" one="attempt" />
      <RateCard label="Contact rate" about={definitions.contact} rateKey="contact_rate" figures={figures} part="contacts" of="attempts" one="attempt" />
      <RateCard label="Conversion rate" about={definitions.conversion} rateKey="conversion_rate" figures={figures} part="conversions" of="contacts" one="contact" />
    </section>
  );
}

type Counted = "attempts" | "completed" | "contacts" | "conversions";

interface RateProps {
  label: string;
  about: string;
  rateKey: RateKey;
  figures: Overview;
  part: Counted;
  of: Counted;
  one: string;
}

function RateCard({ figures, ...props }: RateProps) {
  return figures.period ? <Counted {...props} figures={figures} counts={figures} /> : <Moving {...props} figures={figures} />;
}

/** Listens for itself, so that a frame redraws this card alone. */
function Moving({ part, of, figures, ...props }: RateProps) {
  const p = useLive((l) => l.frame?.[part]) ?? figures[part];
  const all = useLive((l) => l.frame?.[of]) ?? figures[of];
  return <Counted {...props} part={part} of={of} figures={figures} counts={{ [part]: p, [of]: all }} />;
}

function Counted({ label, about, rateKey, figures, part, of, one, counts }: RateProps & { counts: Partial<Pick<LiveFrame, Counted>> }) {
  const [p, all] = [counts[part] ?? 0, counts[of] ?? 0];
  const from = all === 0 ? `no ${one} ${figures.period ? "in this time" : "yet"}` : `${brief(p)} of ${all < 100_000 ? plural(all, one) : `${brief(all)} ${one}s`}`;
  return (
    <Figure label={label} about={about} value={rate(ratio(p, all))} from={<Drill to={{ counts: part, ...figures.period }} none={p === 0}>{from}</Drill>}>
      {figures.previous && <Changed change={rateChange(figures[rateKey], figures.previous[rateKey])} before={figures.previous} one={one} />}
    </Figure>
  );
}

/** A figure that opens the calls it was counted from, for whoever may see calls. */
export function Drill({ to, none, label, children }: { to: AttemptFilter; none?: boolean; label?: string; children: ReactNode }) {
  const may = useMay();
  if (none || !may("attempts.read")) return <>{children}</>;
  return <Link to="/attempts" search={to} aria-label={label}>{children}</Link>;
}

/** How a rate differs from the period of the same length before it, which is named. */
function Changed({ change, before, one }: { change: Change | null; before: NonNullable<Overview["previous"]>; one: string }) {
  return (
    <div className={classes.change}>
      {change ? <><strong data-way={change.way}>{{ up: "▲ ", down: "▼ ", same: "" }[change.way]}{change.words}</strong> of</> : `No ${one} to compare with in`}{" "}
      <span className="num">{period(before)}</span>
    </div>
  );
}

interface FigureProps {
  label: string;
  about: string;
  value: ReactNode;
  from?: ReactNode;
  children?: ReactNode;
}

/** One figure with its definition and what it was counted from. */
export function Figure({ label, about, value, from, children }: FigureProps) {
  return (
    <div className={classes.figure}>
      <div className={classes.label}><Defined words={label}>{about}</Defined></div>
      <div className={`${classes.value} num`} data-figure={label}>{value}</div>
      {from !== undefined && <div className={`${classes.from} num`}>{from}</div>}
      {children}
    </div>
  );
}
