import type { Suppose } from "../../api/compliance";
import { asNumber } from "../../api/leads";

/** A question as it stands in the address. */
export interface TrySearch {
  number?: string;
  cadence?: string;
  purpose?: NonNullable<Suppose["purpose"]>;
  voice?: NonNullable<Suppose["voice"]>;
  /** Wall time; without one it is now. */
  at?: string;
  zone?: string;
  state?: string;
  postal?: string;
  consents?: NonNullable<Suppose["consents"]>;
}

export const purposes: Record<NonNullable<Suppose["purpose"]>, string> = {
  sales: "Sales", charity: "Charity", debt_collection: "Debt collection", survey: "Survey", informational: "Information", nonprofit: "Nonprofit", healthcare: "Health care",
};
export const voices: Record<NonNullable<Suppose["voice"]>, string> = { live: "A person", artificial: "A machine's voice", prerecorded: "A recording" };

export const consents: Record<NonNullable<Suppose["consents"]>[number], string> = {
  express: "Consent", express_written: "Written consent", prior: "Prior consent (opt-in)", time_specific: "Consent to this time of day", "ebr.18m_purchase": "Purchase, 18 months", "ebr.3m_inquiry": "Inquiry, 3 months",
  "ebr.12m": "Relationship, 12 months", "contract.running": "Running contract",
};

const known = <T extends string>(all: Record<T, string>, v: unknown): T | undefined => (typeof v === "string" && v in all ? (v as T) : undefined);
const text = (v: unknown, most: number) => (typeof v === "string" && v !== "" ? v.slice(0, most) : undefined);

/** Reads a question from the address; what is none is left out. Digits alone reach us as a number. */
export function trySearch(s: Record<string, unknown>): TrySearch {
  const cadence = typeof s.cadence === "string" && /^cd_[a-z2-7]{26}$/.test(s.cadence) ? s.cadence : undefined;
  const list = Array.isArray(s.consents) ? s.consents.flatMap((c) => known(consents, c) ?? []) : [];
  return {
    number: asNumber(typeof s.number === "number" ? `+${s.number}` : (text(s.number, 20) ?? "")),
    cadence,
    purpose: cadence ? undefined : known(purposes, s.purpose),
    voice: cadence ? undefined : known(voices, s.voice),
    at: typeof s.at === "string" && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(s.at) ? s.at : undefined,
    zone: text(s.zone, 64),
    state: text(s.state, 100),
    postal: text(typeof s.postal === "number" ? String(s.postal) : s.postal, 20),
    consents: list.length > 0 ? list : undefined,
  };
}

/** The question as the server is asked it; nothing while there is no number. */
export function asked(s: TrySearch): Suppose | undefined {
  if (!s.number) return undefined;
  const { number, cadence, purpose, voice, at, zone, state, postal, consents } = s;
  return { number, cadence, purpose, voice, local: at, zone: at ? zone : undefined, state, postal_code: postal, consents };
}
