import { type RehearsalItem, isOver } from "../../api/rehearsals";
import { lengthWords } from "../../lib/time";

/** What came of a rehearsal, in two words. */
export function came(r: Pick<RehearsalItem, "state" | "answered_at" | "talk_seconds">): { label: string; tone: "open" | "good" | "warn" | "bad" | "plain" } {
  if (r.state === "unknown") return { label: "Not known", tone: "warn" };
  if (!isOver(r)) return { label: r.state === "live" || r.state === "closing" ? "On the line" : "Under way", tone: "open" };
  if (r.state === "not_made") return { label: "No call was placed", tone: "warn" };
  if (r.state === "rejected") return { label: "Refused by the carrier", tone: "bad" };
  if (r.state === "not_placed") return { label: "No call was found", tone: "warn" };
  return r.answered_at ? { label: `Answered, ${lengthWords(r.talk_seconds)}`, tone: "good" } : { label: "Nobody answered", tone: "plain" };
}

/** Which step of which document: "call-2 of the draft". */
export const stepWords = (r: Pick<RehearsalItem, "step" | "version">): string => `${r.step} of ${r.version === null ? "the draft" : `version ${r.version}`}`;
