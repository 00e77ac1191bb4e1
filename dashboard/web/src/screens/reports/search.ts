import type { ReportQuestion } from "../../api/reports";

export interface ReportSearch {
  /** How far back from now; left out, 28 days. Not together with dates. */
  last?: "24h" | "7d" | "90d";
  from?: string;
  to?: string;
  cadence?: string;
  /** The period to compare with: the one of the same length before, or one by dates. */
  compare?: "before" | "dates";
  cfrom?: string;
  cto?: string;
  view?: "table";
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Reads what is looked at from the address; what is none is left out. */
export function reportSearch(s: Record<string, unknown>): ReportSearch {
  const text = (v: unknown, form: RegExp) => (typeof v === "string" && form.test(v) ? v : undefined);
  const [from, to] = ordered(text(s.from, DATE), text(s.to, DATE));
  const [cfrom, cto] = ordered(text(s.cfrom, DATE), text(s.cto, DATE));
  return {
    last: from ? undefined : s.last === "24h" || s.last === "7d" || s.last === "90d" ? s.last : undefined,
    from, to, cfrom, cto,
    cadence: text(s.cadence, /^cd_[a-z2-7]{26}$/),
    compare: s.compare === "before" || s.compare === "dates" ? s.compare : undefined,
    view: s.view === "table" ? "table" : undefined,
  };
}

/** Both ends of a period, or none: half a period is no question. */
function ordered(from?: string, to?: string): [string?, string?] {
  return from && to && from <= to ? [from, to] : [];
}

export const question = (s: ReportSearch): ReportQuestion =>
  s.from ? { cadence: s.cadence, from: s.from, to: s.to } : { cadence: s.cadence, last: s.last ?? "28d" };

/** What to compare a period with, null for nothing. Before is as long as the period itself and ends where it begins. */
export function against(s: ReportSearch, period?: { from: string; to: string }): ReportQuestion | null {
  if (s.compare === "dates") return s.cfrom ? { cadence: s.cadence, from: s.cfrom, to: s.cto } : null;
  if (s.compare !== "before" || !period) return null;
  const [from, to] = [Date.parse(period.from), Date.parse(period.to)];
  return { cadence: s.cadence, from: new Date(2 * from - to).toISOString(), to: period.from };
}
