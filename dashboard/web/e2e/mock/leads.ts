import type { Schemas } from "../../src/api/client";
import type { Explanation, Forecast, Lead, LeadDetail, LeadRow } from "../../src/api/leads";
import { hostile } from "./attempts";
import { idOf } from "./cadences";

const pad = (n: number) => String(n).padStart(5, "0");

function lead(i: number, odd: boolean): Lead {
  return {
    id: idOf("ld", i + 1), external_id: `crm-${pad(i + 1)}`, name: odd ? (hostile[(i / 6) % hostile.length] ?? "") : `Lead ${pad(i + 1)}`, first_name: "", last_name: "",
    email: `lead${pad(i + 1)}@example.com`, status: i % 3 ? "Open" : "Qualified", owner: "", zone: "America/Denver", postal_code: "80202", state: "CO", country: "US",
    numbers: [{ number: `+1303555${String(100 + (i % 100)).padStart(4, "0")}`, type: "mobile" }], fields: odd ? { note: hostile[1] ?? "" } : { plan: "gold" },
  };
}

/** Numbered leads; in a crowd some names are code. */
export function sampleLeads(count: "none" | "few" | "many"): Lead[] {
  const n = { none: 0, few: 40, many: 3000 }[count];
  return Array.from({ length: n }, (_, i) => lead(i, count === "many" && i % 6 === 0));
}

/** A lead as a list has it: one in three was never called. */
export const leadRow = (now: string) => (l: Lead): LeadRow => {
  const n = Number(l.external_id.slice(4));
  const before = (minutes: number) => new Date(Date.parse(now) - minutes * 60_000).toISOString();
  return { ...l, created_at: before(n * 61), called_at: n % 3 === 0 ? null : before(n * 7) };
};

/** A lead in one cadence, after another one. */
export function leadDetail(l: Lead, now: string, left: boolean, paused = false): LeadDetail {
  const before = (days: number) => new Date(Date.parse(now) - days * 86_400_000).toISOString();
  const none = { paused_at: null, paused_by: "" };
  const stay = { ...none, lead: l.id, lead_name: l.name, version: 1, run: 1, list: idOf("ls", 1) };
  return {
    ...l, as_of: now, created_at: before(9), updated_at: before(2),
    enrollments: [
      { ...stay, id: idOf("en", 900), cadence: idOf("cd", 2), cadence_name: "Same-day quote", state: "completed", step: "", due: null, entered_at: before(9), ended_at: before(7), reason: "runs.done" },
      { ...stay, id: idOf("en", 901), cadence: idOf("cd", 1), cadence_name: "Five touches in six days", state: left ? "removed" : "active", step: left ? "" : "call-3", due: left ? null : "2026-01-07T15:00:00.000Z", entered_at: before(2), ended_at: left ? now : null, reason: left ? "un-enrolled through the API" : "", ...(paused && !left ? { paused_at: before(1), paused_by: "manager 1" } : {}) },
    ],
  };
}

const check = (rule: string, kind: string, result: "allow" | "defer", title: string, detail = "", local = "") => ({ rule, kind, result, zone: local ? "America/Denver" : "", local, until: null, detail, title, source: "house", remedy: "wait for the window", duty: false });

export function explanation(l: Lead, now: string, left: boolean, marked: boolean): Explanation {
  const numbers = l.numbers.map((n) => ({ number: n.number, zones: ["America/Denver"], dnc: marked, retired: false, attempts_24h: 1, open_attempt: null }));
  if (left) return { as_of: now, lead: l.id, answer: "block", blocker: { rule: "lead.not_enrolled", message: "the lead is in no cadence: enroll it", until: null }, next_eligible: null, touches: [], numbers };
  const until = "2026-01-07T15:00:00.000Z";
  const message = "calls of this cadence are placed from 9 to 17 o'clock, Monday to Friday: wait for the hours to begin";
  return {
    as_of: now, lead: l.id, answer: "defer", blocker: { rule: "cadence.hours", message, until }, next_eligible: { at: until, local: "2026-01-07T08:00:00", zone: "America/Denver" }, numbers,
    touches: [{
      touch: idOf("tt", 77), enrollment: idOf("en", 901), cadence: idOf("cd", 1), cadence_name: "Five touches in six days", step: "call-3", due: until, answer: "defer", rule: "cadence.hours", message, until,
      trace: [check("house.kill_switch", "stop", "allow", "All dialing is stopped"), check("cap.number.24h", "cap", "allow", "The number had its calls within 24 hours", "1 of 3 calls within 24 hours"), check("cadence.hours", "window", "defer", "Outside the cadence's calling hours", "", "2026-01-06T17:40:00")],
    }],
  };
}

export function forecast(l: Lead, now: string, assume: string): Forecast {
  const touch = (step: number, day: number, rule = "") => ({
    step: `call-${step}`, run: 1, number: l.numbers[0]?.number ?? "", why: "next step", wanted: `2026-01-0${day}T15:00:00.000Z`, at: `2026-01-0${day}T15:00:00.000Z`, local: `2026-01-0${day}T08:00:00`, zone: "America/Denver", rule, message: rule && "Outside the cadence's calling hours: wait for the window, or change it",
  });
  return { as_of: now, lead: l.id, assume, enrollments: [{ enrollment: idOf("en", 901), cadence: idOf("cd", 1), cadence_name: "Five touches in six days", held: null, touches: [touch(3, 7), touch(4, 8, "cadence.hours"), touch(5, 9)], ends: "completed", reason: "runs.done" }] };
}

/** One call of theirs, in answer to ours. */
export function returnCalls(now: string, lead: string): Schemas["ReturnCall"][] {
  if (lead !== idOf("ld", 3)) return [];
  const at = new Date(Date.parse(now) - 26 * 3_600_000).toISOString();
  return [{
    id: idOf("rc", 1), at, ended_at: at, from: "+1303•••0102", token: "5d0c", to: "+13035550142", caller: "lead", lead, lead_name: "Lead 00003", enrollment: idOf("en", 901), cadence: idOf("cd", 1), cadence_name: "Five touches in six days",
    attempt: idOf("at", 1), outcome: "connected", target: "owner", digits: "1", opted_out_at: null, contact: true, disposition: "CALLBACK", seconds: 84, call_id: "CA1", note: "wants to be called after six",
  }];
}
