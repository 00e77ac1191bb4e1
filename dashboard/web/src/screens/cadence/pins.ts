import type { CadenceDocument } from "../../api/client";
import { spanLength } from "../../lib/time";

export interface Pin {
  key: string;
  /** Seconds after the enrollment. */
  at: number;
  /** True when the calendar decides how long one of the delays before it really is. */
  about: boolean;
}

/**
 * When each step is due when every one takes its default edge and no window is in the way. A step anchored at the
 * enrollment counts its delay from there. A tree of steps has no single line, so it has no timeline.
 */
export function timeline(document: CadenceDocument): Pin[] | undefined {
  if (document.steps.some((s) => s.parent)) return undefined;
  let at = 0;
  let about = false;
  return document.steps.map((step, i) => {
    const before = document.steps[i - 1];
    if (before) {
      const delay = spanLength(before.delay_after);
      const anchored = step.anchor === "enrollment";
      at = (anchored ? 0 : at) + delay.seconds;
      about = (anchored ? false : about) || delay.about;
    }
    return { key: step.key, at, about };
  });
}
