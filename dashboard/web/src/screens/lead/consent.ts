import type { Consent, ConsentKind } from "../../api/consents";
import { date } from "../../lib/time";

/** The kinds of agreement, in words, as somebody has to tell them apart. */
export const kinds: Record<ConsentKind, { label: string; about: string }> = {
  express: { label: "Express consent", about: "The person said that they may be called." },
  express_written: { label: "Express written consent", about: "Signed, on paper or electronically, and naming what it is for." },
  prior: { label: "Prior consent", about: "Given before the first call, for jurisdictions that ask for no more." },
  time_specific: { label: "Consent to a time", about: "The person asked to be called at a certain time." },
  "ebr.18m_purchase": { label: "Bought something", about: "A business relationship: lapses 18 months after the last purchase." },
  "ebr.3m_inquiry": { label: "Asked about something", about: "A business relationship: lapses 3 months after the last inquiry." },
  "ebr.12m": { label: "Customer", about: "A business relationship: lapses after 12 months." },
  "contract.running": { label: "Running contract", about: "A business relationship: counts until it is taken back." },
};

export const statuses: Record<Consent["status"], { label: string; tone: "good" | "bad" | "warn" | "plain"; about: string }> = {
  valid: { label: "Counts", tone: "good", about: "The permit judges every call with it." },
  revoked: { label: "Taken back", tone: "bad", about: "It counts no more." },
  lapsed: { label: "Lapsed", tone: "warn", about: "Its time is over." },
  dropped: { label: "Dropped", tone: "warn", about: "The number has too many records, and this one gave way." },
};

/** Whose calls a consent is about, in words: "all" → "everything". */
export function scopeWords(scope: string): string {
  if (scope === "" || scope === "all") return "everything";
  if (scope === "call") return "all calls";
  return scope.startsWith("campaign:") ? `campaign “${scope.slice(9)}”` : scope.replace(":", " ");
}

/** The day something was given. A date that was entered alone stands for its first moment in UTC, and is no other day elsewhere. */
export const givenOn = (iso: string, zone?: string): string => date(iso, iso.endsWith("T00:00:00.000Z") ? "UTC" : zone);

/** How people take something back; free words are allowed too. */
export const ways = ["call", "mail", "web", "letter", "in person"] as const;

export interface Draft {
  number: string;
  kind: ConsentKind;
  given: string;
  seller: string;
  campaign: string;
  source: string;
  proof: string;
}

/** What is sent of a form: nothing for what was left empty. */
export function requestOf(d: Draft) {
  const some = (s: string) => s.trim() || undefined;
  return {
    number: d.number, kind: d.kind, given_at: d.given, seller: some(d.seller), scope: d.campaign.trim() ? `campaign:${d.campaign.trim()}` : "all", source: some(d.source), proof: some(d.proof),
  };
}

/** The records of a number, those that count first, then the newest. */
export const ordered = (items: readonly Consent[], number: string): Consent[] =>
  items.filter((c) => c.number === number).sort((a, b) => Number(b.status === "valid") - Number(a.status === "valid") || b.given_at.localeCompare(a.given_at));
