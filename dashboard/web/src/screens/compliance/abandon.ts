import type { AbandonShare } from "../../api/abandon";
import { rate } from "../../lib/format";

export type Standing = "waits" | "over" | "near" | "within" | "none";

/** From this share of the limit on, somebody should look. */
const NEAR = 0.8;

/** Where a campaign stands against the limit. */
export function standing(s: Pick<AbandonShare, "over" | "held_until" | "rate" | "limit">): Standing {
  if (s.held_until) return "waits";
  if (s.over) return "over";
  if (s.rate === null) return "none";
  return s.rate >= NEAR * (s.limit ?? 1) ? "near" : "within";
}

export const standings: Record<Standing, { label: string; tone: "good" | "warn" | "bad" | "plain" }> = {
  waits: { label: "Waits until its day ends", tone: "bad" },
  over: { label: "Over the limit", tone: "bad" },
  near: { label: "Near the limit", tone: "warn" },
  within: { label: "Within the limit", tone: "good" },
  none: { label: "No live answer yet", tone: "plain" },
};

const order: readonly Standing[] = ["waits", "over", "near", "within", "none"];

/** The worst first; equal ones by how much of the limit is used. */
export const worstFirst = (items: readonly AbandonShare[]): AbandonShare[] =>
  [...items].sort((a, b) => order.indexOf(standing(a)) - order.indexOf(standing(b)) || (b.rate ?? 0) / (b.limit || 1) - (a.rate ?? 0) / (a.limit || 1));

/** How much of the bar is filled, and where the limit stands in it: the bar ends at twice the limit. */
export const gauge = (s: Pick<AbandonShare, "rate" | "limit">): number => Math.min(1, (s.rate ?? 0) / (2 * (s.limit || 1)));

/** "0.4% of 3.0% allowed"; a share that is not the limit is not written as the limit, however near it is. */
export function shareWords({ rate: own, limit }: Pick<AbandonShare, "rate" | "limit">): string {
  const [share, most] = [rate(own), rate(limit)];
  if (own === null || limit === null || own === limit || share !== most) return `${share} of ${most} allowed`;
  return `Just ${own < limit ? "under" : "over"} the ${most} allowed`;
}
