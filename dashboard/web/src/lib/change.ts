import { rate } from "./format";

export interface Change {
  way: "up" | "down" | "same";
  /** "2.1 points more", "0.4 points less", "the same". */
  words: string;
}

/** How a rate differs from another, in percentage points; null when either is a rate of nothing. */
export function rateChange(now: number | null, before: number | null): Change | null {
  if (now === null || before === null) return null;
  const points = Math.round((now - before) * 1000) / 10;
  if (points === 0) return { way: "same", words: `the same as ${rate(before)}` };
  return { way: points > 0 ? "up" : "down", words: `${Math.abs(points).toFixed(1)} points ${points > 0 ? "above" : "below"} ${rate(before)}` };
}

/** How a count differs from another, in percent; null when there was nothing before. */
export function countChange(now: number, before: number): Change | null {
  if (before === 0) return null;
  const share = Math.round((now / before - 1) * 1000) / 10;
  if (share === 0) return { way: "same", words: `as many as before` };
  return { way: share > 0 ? "up" : "down", words: `${Math.abs(share).toFixed(1)}% ${share > 0 ? "more" : "fewer"}` };
}
