import { type ReactNode, memo } from "react";
import type { LiveFrame, Overview } from "../../api/client";
import { Sparkline } from "../../charts/Sparkline";
import { definitions } from "../../lib/figures";
import { brief, rate, ratio } from "../../lib/format";
import { useLive } from "../../live/useLive";
import { Drill, Figure } from "./Cards";
import classes from "./Figures.module.css";

/** What happens this second. Each figure listens for itself. */
export const LiveStrip = memo(function LiveStrip({ first }: { first: Overview }) {
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
});

interface Props {
  label: string;
  about: string;
  pick: (frame: LiveFrame) => string;
  first?: string;
  from?: ReactNode;
}

function LiveFigure({ label, about, pick, first, from }: Props) {
  return <Figure label={label} about={about} value={<Moving pick={pick} first={first} />} from={from} />;
}

/** The words of a figure and nothing else: these alone are drawn with a frame. */
function Moving({ pick, first = "–" }: Pick<Props, "pick" | "first">) {
  return useLive((l) => (l.frame ? pick(l.frame) : undefined)) ?? first;
}

const DAY = 86_400_000;
const counted = (f: LiveFrame) => `${brief(f.abandon.abandoned)} of ${brief(f.abandon.answered)}`;

/** The calls that the rate was counted from; drawn again once a minute at most. */
function Abandoned() {
  const none = useLive((l) => !l.frame || l.frame.abandon.abandoned === 0);
  const since = useLive((l) => (l.frame ? `${new Date(Date.parse(l.frame.as_of) - DAY).toISOString().slice(0, 16)}:00.000Z` : undefined));
  return <Drill to={{ counts: "abandoned", from: since }} none={none}><Moving pick={counted} first="" /></Drill>;
}

function InProgress() {
  const history = useLive((l) => l.history);
  return <Sparkline values={history.map((p) => p.inProgress)} what="Calls in progress over the last two minutes" />;
}
