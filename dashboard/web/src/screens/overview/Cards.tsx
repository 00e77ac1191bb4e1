import type { ReactNode } from "react";
import type { LiveFrame, Overview } from "../../api/client";
import { Definition } from "../../components/Definition";
import { definitions } from "../../lib/figures";
import { brief, count, decimal, plural, rate, ratio } from "../../lib/format";
import { useLive } from "../../live/useLive";
import classes from "./Figures.module.css";

/** The five figures a manager looks at first. The rates move with the live stream, the rest when a list changed. */
export function Cards({ figures }: { figures: Overview }) {
  const active = figures.by_cadence.filter((c) => c.status === "active").length;
  return (
    <section className={`card ${classes.cards}`} aria-label="Key figures">
      <Figure label="Total cadences" about={definitions.total} value={count(figures.total_cadences)} from={`${count(active)} active`} />
      <Figure label="Average steps" about={definitions.steps} value={decimal(figures.average_steps)} from="per active cadence" />
      <RateCard label="Completion rate" about={definitions.completion} first={figures} part="completed" of="attempts" one="attempt" />
      <RateCard label="Contact rate" about={definitions.contact} first={figures} part="contacts" of="attempts" one="attempt" />
      <RateCard label="Conversion rate" about={definitions.conversion} first={figures} part="conversions" of="contacts" one="contact" />
    </section>
  );
}

type Counted = "attempts" | "completed" | "contacts" | "conversions";

interface RateProps {
  label: string;
  about: string;
  first: Pick<LiveFrame, Counted>;
  part: Counted;
  of: Counted;
  one: string;
}

function RateCard({ label, about, first, part, of, one }: RateProps) {
  const p = useLive((l) => l.frame?.[part]) ?? first[part];
  const all = useLive((l) => l.frame?.[of]) ?? first[of];
  const from = all === 0 ? `no ${one} yet` : `${brief(p)} of ${all < 100_000 ? plural(all, one) : `${brief(all)} ${one}s`}`;
  return <Figure label={label} about={about} value={rate(ratio(p, all))} from={from} />;
}

interface FigureProps {
  label: string;
  about: string;
  value: string;
  from?: string;
  children?: ReactNode;
}

/** One figure with its definition and what it was counted from. */
export function Figure({ label, about, value, from, children }: FigureProps) {
  return (
    <div className={classes.figure}>
      <div className={classes.label}>{label}<Definition of={label}>{about}</Definition></div>
      <div className={`${classes.value} num`} data-figure={label}>{value}</div>
      {from !== undefined && <div className={`${classes.from} num`}>{from}</div>}
      {children}
    </div>
  );
}
