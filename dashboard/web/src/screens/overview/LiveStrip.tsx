import type { ReactNode } from "react";
import type { LiveFrame, Overview } from "../../api/client";
import { Sparkline } from "../../charts/Sparkline";
import { definitions } from "../../lib/figures";
import { brief, rate, ratio } from "../../lib/format";
import { useLive } from "../../live/useLive";
import { Drill, Figure } from "./Cards";
import classes from "./Figures.module.css";

/** What happens this second. Each figure listens for itself. */
export function LiveStrip({ first }: { first: Overview }) {
  return (
    <section className={`card ${classes.live}`} aria-label="Live">
      <div className={classes.spark}>
        <LiveFigure label="Calls in progress" about={definitions.inProgress} pick={(f) => brief(f.calls_in_progress)} first={brief(first.calls_in_progress)} />
        <InProgress />
      </div>
      <LiveFigure label="Ringing" about={definitions.ringing} pick={(f) => brief(f.ringing)} from={<Drill to={{ state: "ringing" }} label="Ringing: show them">Show them</Drill>} />
      <LiveFigure label="Talking" about={definitions.talking} pick={(f) => brief(f.live)} from={<Drill to={{ state: "live" }} label="Talking: show them">Show them</Drill>} />
      <LiveFigure label="Calls/s" about={definitions.perSecond} pick={(f) => f.calls_per_second.toFixed(1)} from={<Drill to={{}} label="The newest calls">The newest</Drill>} />
      <LiveFigure label="Abandon rate" about={definitions.abandon} pick={(f) => rate(ratio(f.abandon.abandoned, f.abandon.answered))} from={<Abandoned />} />
      <LiveFigure label="Pending" about={definitions.pending} pick={(f) => brief(f.pending)} first={brief(first.pending)} />
    </section>
  );
}

interface Props {
  label: string;
  about: string;
  pick: (frame: LiveFrame) => string;
  first?: string;
  from?: ReactNode;
}

function LiveFigure({ label, about, pick, first = "–", from }: Props) {
  const value = useLive((l) => (l.frame ? pick(l.frame) : undefined));
  return <Figure label={label} about={about} value={value ?? first} from={from} />;
}

const DAY = 86_400_000;

/** The calls that the rate was counted from; drawn again once a minute at most. */
function Abandoned() {
  const words = useLive((l) => (l.frame ? `${brief(l.frame.abandon.abandoned)} of ${brief(l.frame.abandon.answered)}` : ""));
  const none = useLive((l) => !l.frame || l.frame.abandon.abandoned === 0);
  const since = useLive((l) => (l.frame ? `${new Date(Date.parse(l.frame.as_of) - DAY).toISOString().slice(0, 16)}:00.000Z` : undefined));
  return <Drill to={{ counts: "abandoned", from: since }} none={none}>{words}</Drill>;
}

function InProgress() {
  const history = useLive((l) => l.history);
  return <Sparkline values={history.map((p) => p.inProgress)} what="Calls in progress over the last two minutes" />;
}
