import type { AttemptFilter, AttemptState } from "../../api/attempts";
import { statusNames, typeNames } from "../../lib/figures";
import { viewId } from "../../views/search";

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

/** What the page of attempts shows; it lives in the address. */
export interface AttemptSearch extends AttemptFilter {
  /** The saved view that was opened. */
  view?: string;
}

/** A date, as people choose one, or an instant, as the figures of a report name it. */
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}(T[\d:.]+Z)?$/;
export const isDate = (s: string | undefined): boolean => s !== undefined && DATE.test(s);

/** The figures a call can count in, in words. */
export const countNames = {
  attempts: "Accepted by the carrier", completed: "Ran to an outcome", answered: "Answered by a person", contacts: "Contacts", conversions: "Conversions",
  abandoned: "Abandoned", voicemails: "Voicemail left", unconfirmed: "Unconfirmed",
} as const;

/** Days of the week by their number less one: 1 is Monday. */
export const dayNames = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;
/** "Tuesdays, 10:00 to 11:00, where the lead is". */
export const hourWords = (weekday: number, hour: number): string => `${dayNames[weekday - 1]}s, ${hour}:00 to ${hour + 1}:00, where the lead is`;

/** Which cadences the calls are of, beside one that is named: "Answered by: phone number, active cadences". */
export const cadenceWords = (f: Pick<AttemptFilter, "type" | "cadence_status">): string =>
  [f.type && `Answered by: ${typeNames[f.type].toLowerCase()}`, f.cadence_status && `${statusNames[f.cadence_status].toLowerCase()} cadences`].filter(Boolean).join(", ");

/** Reads the filters from the address; what is not one is left out. Digits alone reach us as a number. */
export function attemptSearch(s: Record<string, unknown>): AttemptSearch {
  const text = (v: unknown, form: RegExp) => (typeof v === "string" && form.test(v) ? v : undefined);
  const whole = (v: unknown, least: number, most: number) => (typeof v === "number" && Number.isInteger(v) && v >= least && v <= most ? v : undefined);
  const number = typeof s.caller_id === "number" ? `+${s.caller_id}` : s.caller_id;
  return {
    cadence: text(s.cadence, /^cd_[a-z2-7]{26}$/),
    disposition: text(s.disposition, /^[A-Z][A-Z0-9_]{0,63}$/),
    state: typeof s.state === "string" && s.state in stateNames ? (s.state as AttemptState) : undefined,
    lead: text(s.lead, /^ld_[a-z2-7]{26}$/),
    caller_id: text(number, /^\+[1-9]\d{4,14}$/),
    type: typeof s.type === "string" && s.type in typeNames ? (s.type as AttemptFilter["type"]) : undefined,
    cadence_status: typeof s.cadence_status === "string" && s.cadence_status in statusNames ? (s.cadence_status as AttemptFilter["cadence_status"]) : undefined,
    campaign: text(typeof s.campaign === "number" ? String(s.campaign) : s.campaign, /^.{1,200}$/),
    counts: typeof s.counts === "string" && s.counts in countNames ? (s.counts as AttemptFilter["counts"]) : undefined,
    step: text(typeof s.step === "number" ? String(s.step) : s.step, /^.{1,64}$/),
    run: whole(s.run, 1, 10_000),
    ...(whole(s.weekday, 1, 7) !== undefined && whole(s.hour, 0, 23) !== undefined ? { weekday: whole(s.weekday, 1, 7), hour: whole(s.hour, 0, 23) } : {}),
    from: text(s.from, MOMENT),
    to: text(s.to, MOMENT),
    view: viewId(s.view),
  };
}

/** The filters alone, without which view they were opened by. */
export const filterOf = ({ view: _, ...f }: AttemptSearch): AttemptFilter => f;

export const isFiltered = (f: AttemptSearch): boolean => Object.values(filterOf(f)).some((v) => v !== undefined);
