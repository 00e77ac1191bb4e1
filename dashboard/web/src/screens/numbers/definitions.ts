import type { Schemas } from "../../api/client";
import type { CallerIDState } from "../../api/numbers";
import { count, rate } from "../../lib/format";
import { lengthWords } from "../../lib/time";

export const stateNames: Record<CallerIDState, string> = { ready: "Ready", full: "Full today", resting: "Resting" };

export const illNames: Record<string, string> = { answer_rate: "Answered less than its pool", short_calls: "People hang up at once", neighbour_prefix: "Calls its own exchange" };

/** Who put a number to rest, in words. */
export const restedBy = (r: { by: string; author: string }): string =>
  r.by === "operator" ? r.author || "somebody" : r.by === "carrier" ? "the carrier refuses it" : r.by === "health" ? "its own figures" : "an earlier release";

/** What each column means; the thresholds are those in force. */
export const definitions = (r: Schemas["CallerIDRules"]) => ({
  today: "Calls allowed from the number since the day began, of those its daily cap allows (caller_ids[].daily_cap, else pacing.caller_id_cap in the configuration). The day ends where pacing.day_zone says.",
  answered: `Calls answered by a person ÷ attempts, of the last ${r.days} days, with its ${rate(r.confidence)} interval: the true rate lies there unless chance plays a trick. A number rests when its interval lies more than ${rate(r.margin)} below that of the rest of its pool, both with ${count(r.min_calls)} calls.`,
  short: r.short_ratio === 0 ? "Answered calls that were over within six seconds. No number rests for them here." : `Answered calls that were over within six seconds ÷ answered calls. A number rests when it is surely more than ${rate(r.short_ratio)}, and more than in the rest of its pool, with ${count(r.min_answered)} answered calls.`,
  near: r.neighbour_ratio === 0 ? "Calls to numbers that differ in the last four digits only. No number rests for them here." : `Calls to numbers that differ in the last four digits only ÷ attempts. A number rests when it is surely more than ${rate(r.neighbour_ratio)}.`,
  room: "Calls that caps still allow today from numbers that do not rest.",
  rests: r.rest_seconds === 0 ? "Figures are shown; nothing rests by itself (caller_health.rest)." : `A number that is judged ill rests ${lengthWords(r.rest_seconds)}. At most half of a pool rests for that.`,
});
