import { Tooltip } from "@mantine/core";
import { lengthWords } from "../../lib/time";
import type { Pin } from "./pins";
import classes from "./Timeline.module.css";

interface Props {
  pins: readonly Pin[];
  names: ReadonlyMap<string, string>;
}

const DAY = 86_400;

/** Distance (seconds) between two marks so that there are at most a dozen. */
function grain(end: number): number {
  for (const d of [3600, 6 * 3600, DAY, 2 * DAY, 7 * DAY, 30 * DAY]) if (end / d <= 12) return d;
  return 90 * DAY;
}

/** Pins on a line of time, as on a carillon's drum. The table below it has the same times in words. */
export function Timeline({ pins, names }: Props) {
  const end = Math.max(1, ...pins.map((p) => p.at));
  const every = grain(end);
  const marks = Array.from({ length: Math.floor(end / every) + 1 }, (_, i) => i * every);
  const place = (at: number) => `${(at / end) * 100}%`;
  return (
    <div className={classes.box} aria-hidden>
      <div className={classes.line}>
        {marks.map((m) => <i key={m} className={classes.mark} style={{ left: place(m) }} data-label={m === 0 ? "enrolled" : lengthWords(m)} />)}
        {pins.map((p, i) => (
          <Tooltip key={p.key} label={`${names.get(p.key)}: ${p.about ? "about " : ""}${p.at === 0 ? "at enrollment" : `${lengthWords(p.at)} after enrollment`}`}>
            <span className={classes.pin} style={{ left: place(p.at) }}>{i + 1}</span>
          </Tooltip>
        ))}
      </div>
    </div>
  );
}
