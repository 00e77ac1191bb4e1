import type { LiveFrame, Overview } from "../../api/client";
import { Sparkline } from "../../charts/Sparkline";
import { definitions } from "../../lib/figures";
import { brief, rate, ratio } from "../../lib/format";
import { useLive } from "../../live/useLive";
import { Figure } from "./Cards";
import classes from "./Figures.module.css";

/** What happens this second. Each figure listens for itself. */
export function LiveStrip({ first }: { first: Overview }) {
  return (
    <section className={`card ${classes.live}`} aria-label="Live">
      <div className={classes.spark}>
        <LiveFigure label="Calls in progress" about={definitions.inProgress} pick={(f) => brief(f.calls_in_progress)} first={brief(first.calls_in_progress)} />
        <InProgress />
      </div>
      <LiveFigure label="Ringing" about={definitions.ringing} pick={(f) => brief(f.ringing)} />
      <LiveFigure label="Talking" about={definitions.talking} pick={(f) => brief(f.live)} />
      <LiveFigure label="Calls/s" about={definitions.perSecond} pick={(f) => f.calls_per_second.toFixed(1)} />
      <LiveFigure label="Abandon rate" about={definitions.abandon} pick={(f) => rate(ratio(f.abandon.abandoned, f.abandon.answered))} />
      <LiveFigure label="Pending" about={definitions.pending} pick={(f) => brief(f.pending)} first={brief(first.pending)} />
    </section>
  );
}

interface Props {
  label: string;
  about: string;
  pick: (frame: LiveFrame) => string;
  first?: string;
}

function LiveFigure({ label, about, pick, first = "–" }: Props) {
  const value = useLive((l) => (l.frame ? pick(l.frame) : undefined));
  return <Figure label={label} about={about} value={value ?? first} />;
}

function InProgress() {
  const history = useLive((l) => l.history);
  return <Sparkline values={history.map((p) => p.inProgress)} what="Calls in progress over the last two minutes" />;
}
