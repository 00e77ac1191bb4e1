import type { AnswerType, CadenceItem, CadenceStatus, Overview } from "../api/client";
import { ratio } from "./format";

/** What each figure means, shown wherever the figure is. */
export const definitions = {
  total: "Cadences in every status but archived.",
  steps: "Steps per cadence, averaged over active cadences.",
  completion: "Calls that ran to an outcome ÷ attempts. Failed, rejected, cancelled and unknown calls ran to none. An attempt is a call the carrier accepted.",
  contact: "Contacts ÷ attempts. A contact is a live person who answered and was connected, or heard the message.",
  conversion: "Conversions ÷ contacts. A conversion is a disposition that counts as a success.",
  inProgress: "Calls placed, ringing or live right now.",
  ringing: "Calls that ring and are not answered yet.",
  talking: "Calls answered and not over yet.",
  perSecond: "Calls accepted by the carrier per second of real time, over the last 10 seconds.",
  abandon: "Of the calls that a person answered in the last 24 hours, those that were given up because nobody could take them. The law counts by campaign over 30 days.",
  abandoned: "Abandoned ÷ answered by a person. A call is abandoned when somebody answered and nobody could take it.",
  pending: "Enrollments with a touch that is due at some time to come.",
  ready: "Touches that are due now and wait for their turn.",
} as const;

/** The three rates of the performance chart, in the order of a call's life. */
export const rates = [
  { key: "completion_rate", label: "Completion", about: definitions.completion, color: "var(--rate-completion)" },
  { key: "contact_rate", label: "Contact", about: definitions.contact, color: "var(--rate-contact)" },
  { key: "conversion_rate", label: "Conversion", about: definitions.conversion, color: "var(--rate-conversion)" },
] as const;

export type RateKey = (typeof rates)[number]["key"];

/** Who takes the answer, in words. */
export const typeNames: Record<AnswerType, string> = {
  number: "Phone number",
  sip: "SIP address",
  message: "Recorded message",
  agents: "Agents",
  ai: "AI caller",
  mixed: "Mixed by step",
  none: "No target yet",
};

export const statusNames: Record<CadenceStatus, string> = { draft: "Draft", active: "Active", inactive: "Inactive", archived: "Archived" };

type Standing = Pick<CadenceItem, "status" | "version">;

/** How a cadence stands: one that was published and never switched on is a draft to the server, and no draft to a person. */
export const standing = (c: Standing): string => (c.status === "draft" && c.version > 0 ? "Published, off" : statusNames[c.status]);

/** Whether leads can enter: the published version takes them, on or off. */
export const takesLeads = (c: Standing): boolean => c.version > 0 && c.status !== "archived";

export type CadenceFigures = Overview["by_cadence"][number];
export type Rates = Record<RateKey, number | null>;

export interface TypeGroup extends Rates {
  type: AnswerType;
  attempts: number;
  completed: number;
  contacts: number;
  conversions: number;
  cadences: CadenceFigures[];
}

/** Gathers cadences of one status (all when none) by who takes the answer, busiest first. */
export function byType(figures: readonly CadenceFigures[], status?: CadenceStatus): TypeGroup[] {
  const groups = new Map<AnswerType, CadenceFigures[]>();
  for (const c of figures) {
    if (status && c.status !== status) continue;
    groups.set(c.type, [...(groups.get(c.type) ?? []), c]);
  }
  return [...groups].map(([type, cadences]) => sum(type, cadences)).sort((a, b) => b.attempts - a.attempts || a.type.localeCompare(b.type));
}

function sum(type: AnswerType, cadences: CadenceFigures[]): TypeGroup {
  const total = (field: "attempts" | "completed" | "contacts" | "conversions") => cadences.reduce((n, c) => n + c[field], 0);
  const attempts = total("attempts");
  const completed = total("completed");
  const contacts = total("contacts");
  const conversions = total("conversions");
  return {
    type, attempts, completed, contacts, conversions,
    completion_rate: ratio(completed, attempts),
    contact_rate: ratio(contacts, attempts),
    conversion_rate: ratio(conversions, contacts),
    cadences: [...cadences].sort((a, b) => b.attempts - a.attempts || a.name.localeCompare(b.name)),
  };
}
