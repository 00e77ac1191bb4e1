import type { AnswerType, CadenceDetail, CadenceDocument, CadenceStatus } from "../../src/api/client";
import { ratio } from "../../src/lib/format";

const alphabet = "abcdefghijklmnopqrstuvwxyz234567";

/** The n-th id of its kind, in the form of the contract. */
export const idOf = (kind: string, n: number): string =>
  `${kind}_${Array.from({ length: 26 }, (_, i) => alphabet[Math.floor(n / 32 ** (25 - i)) % 32]).join("")}`;

interface Recipe {
  name: string;
  description?: string;
  status: CadenceStatus;
  type: AnswerType;
  steps?: number;
  attempts?: number;
  rates?: [completion: number, contact: number, conversion: number];
  halted?: boolean;
  broken?: boolean;
}

const connects: Partial<Record<AnswerType, CadenceDocument["connect"]>> = {
  number: [{ to: "number", number: "+13035550100", ring_timeout: "20s" }],
  sip: [{ to: "sip", sip: "sip:desk@example.com" }],
  message: [{ to: "message", text: "Your renewal is due this month. Press 1 to speak with us.", gather: { "1": "INTERESTED", "9": "DNC" } }],
};

function documentOf(r: Recipe): CadenceDocument {
  const delays = ["4h", "24h", "48h", "72h"];
  return {
    format: "carillon.cadence/v1",
    name: r.name,
    description: r.description,
    time_restrictions: { windows: [{ days: ["mon", "tue", "wed", "thu", "fri"], from: "09:00", to: "17:00" }], holidays: true },
    audience: { type: "manual" },
    connect: connects[r.type],
    runs: { max: 1 },
    exit_when: [{ signal: "meeting_booked" }, { if: "lead.status == 'Qualified'" }],
    steps: Array.from({ length: r.steps ?? 5 }, (_, i) => ({
      key: `call-${i + 1}`,
      kind: "call",
      name: `Call step ${i + 1}`,
      script: i === 0 ? "Hello {{ lead.first_name }}, thank you for your request." : undefined,
      caller_id: { strategy: i < 3 ? "random" : "rotating_pool" },
      voicemail: i === 2 || i === 4 ? { leave: true, text: "Hello, we tried to reach you about your request." } : undefined,
      delay_after: delays[i % delays.length],
      routes: [{ on: "BUSY", do: "retry", delay: "30m", max: 2 }, { on: "NO_ANSWER", do: "next" }],
    })),
  };
}

function cadence(r: Recipe, n: number, now: string): CadenceDetail {
  const attempts = r.attempts ?? 0;
  const [done, reached, won] = r.rates ?? [0, 0, 0];
  const document = documentOf(r);
  const published = r.status === "draft" ? null : document;
  const c: CadenceDetail = {
    id: idOf("cd", n + 1),
    name: r.name,
    description: r.description ?? "",
    status: r.status,
    version: published ? 1 + (n % 3) : 0,
    steps: document.steps.length,
    type: r.type,
    audience: "manual",
    channels: ["call"],
    enrolled: r.status === "archived" ? 0 : Math.round(attempts / 3),
    attempts,
    completed: Math.round(attempts * done),
    contacts: Math.round(attempts * reached),
    conversions: Math.round(attempts * reached * won),
    completion_rate: null,
    contact_rate: null,
    conversion_rate: null,
    created_at: new Date(Date.parse(now) - (n + 1) * 1.7 * 86_400_000).toISOString(),
    updated_at: new Date(Date.parse(now) - (n + 1) * 3_600_000).toISOString(),
    halted: r.halted ?? false,
    publishable: r.status === "draft" && !r.broken,
    as_of: now,
    revision: 3,
    draft: document,
    published,
    problems: r.broken ? [
      { severity: "error", code: "no_target", path: "connect", message: "an answered call has nowhere to go", remedy: "add a target, for example a number" },
      { severity: "warning", code: "window_never_met", path: "steps[1].delay_after", message: "4 h after a call at 17:00 is always outside the window", remedy: "use 1d, or widen the window" },
    ] : [],
  };
  return withRates(c);
}

/** Sets the rates from the counts. */
export function withRates(c: CadenceDetail): CadenceDetail {
  c.completion_rate = ratio(c.completed, c.attempts);
  c.contact_rate = ratio(c.contacts, c.attempts);
  c.conversion_rate = ratio(c.conversions, c.contacts);
  return c;
}

const few: Recipe[] = [
  { name: "Five touches in six days", description: "First contact for web leads", status: "active", type: "number", attempts: 12_480, rates: [0.93, 0.31, 0.18] },
  { name: "Same-day quote", description: "Three calls within the first day", status: "active", type: "number", steps: 3, attempts: 4_210, rates: [0.95, 0.38, 0.22] },
  { name: "Renewal reminder", description: "A recorded message in the month before a contract ends", status: "active", type: "message", steps: 4, attempts: 8_902, rates: [0.9, 0.42, 0.07], halted: true },
  { name: "Partner desk hand-over", status: "active", type: "sip", steps: 6, attempts: 2_145, rates: [0.88, 0.27, 0.31] },
  { name: "Appointment confirmation", description: "One call two days before, one on the day", status: "inactive", type: "message", steps: 2, attempts: 990, rates: [0.96, 0.55, 0.64] },
  { name: "Win back after a year", description: "Draft for the spring", status: "draft", type: "number", steps: 7 },
  { name: "Survey after delivery", status: "draft", type: "none", steps: 2, broken: true },
  { name: "Autumn open house", status: "archived", type: "number", attempts: 3_320, rates: [0.91, 0.22, 0.12] },
];

/** A few cadences in every state, or many with long names. */
export function sampleCadences(count: "none" | "few" | "many", now: string): CadenceDetail[] {
  if (count === "none") return [];
  const many: Recipe[] = Array.from({ length: 240 }, (_, i) => ({
    name: i % 9 === 0 ? `Regional follow-up ${i + 1} with a rather long name that a manager wrote to say exactly for whom and when it is meant` : `Regional follow-up ${i + 1}`,
    description: i % 4 === 0 ? "First contact for leads of one region, one of many such cadences" : "",
    status: (["active", "active", "inactive", "draft", "archived"] as const)[i % 5] ?? "active",
    type: (["number", "message", "sip"] as const)[i % 3] ?? "number",
    steps: 3 + (i % 6),
    attempts: i % 5 === 3 ? 0 : 4_000_000 - i * 9_137,
    rates: [0.85 + (i % 10) / 100, 0.2 + (i % 17) / 100, 0.05 + (i % 23) / 100],
  }));
  return (count === "few" ? few : many).map((r, i) => cadence(r, i, now));
}
