import type { AttemptFilter, AttemptState } from "../../api/attempts";

/** Where an attempt stands, in words. */
export const stateNames: Record<AttemptState, string> = {
  intent: "Being sent",
  unknown: "Unknown, being looked for",
  placed: "Placed",
  ringing: "Ringing",
  live: "Live",
  closing: "Ending",
  ended: "Ended",
  returned: "Taken back",
  rejected: "Rejected by the carrier",
  not_placed: "Not placed",
};

/** States that nothing follows. */
const final: readonly AttemptState[] = ["ended", "returned", "rejected", "not_placed"];
export const isOver = (state: AttemptState): boolean => final.includes(state);

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Reads the filters from the address; what is not one is left out. Digits alone reach us as a number. */
export function attemptSearch(s: Record<string, unknown>): AttemptFilter {
  const text = (v: unknown, form: RegExp) => (typeof v === "string" && form.test(v) ? v : undefined);
  const number = typeof s.caller_id === "number" ? `+${s.caller_id}` : s.caller_id;
  return {
    cadence: text(s.cadence, /^cd_[a-z2-7]{26}$/),
    disposition: text(s.disposition, /^[A-Z][A-Z0-9_]{0,63}$/),
    state: typeof s.state === "string" && s.state in stateNames ? (s.state as AttemptState) : undefined,
    lead: text(s.lead, /^ld_[a-z2-7]{26}$/),
    caller_id: text(number, /^\+[1-9]\d{4,14}$/),
    from: text(s.from, DATE),
    to: text(s.to, DATE),
  };
}

export const isFiltered = (f: AttemptFilter): boolean => Object.values(f).some((v) => v !== undefined);
