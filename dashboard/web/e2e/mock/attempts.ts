import type { Attempt, AttemptDetail, AttemptLog } from "../../src/api/attempts";
import { idOf } from "./cadences";

/** Names that must never be taken for anything but names. */
export const hostile = ['<img src=x onerror="alert(1)">', "<script>alert(1)</script>", "{{constructor.constructor('alert(1)')()}}", "=HYPERLINK(\"http://example.com\")", "‮eman esrever"];

interface Recipe {
  state: Attempt["state"];
  disposition?: string;
  answered?: boolean;
  machine?: boolean;
  talk?: number;
}

const lives: Recipe[] = [
  { state: "ringing" },
  { state: "live", answered: true },
  { state: "ended", disposition: "NO_ANSWER" },
  { state: "ended", disposition: "SALE", answered: true, talk: 312 },
  { state: "ended", disposition: "VOICEMAIL_LEFT", answered: true, machine: true, talk: 21 },
  { state: "unknown" },
  { state: "ended", disposition: "BUSY" },
  { state: "ended", disposition: "NOT_INTERESTED", answered: true, talk: 44 },
  { state: "rejected", disposition: "DISCONNECTED" },
];

function attempt(i: number, now: string, name: string): Attempt {
  const r = lives[i % lives.length] as Recipe;
  const begun = Date.parse(now) - (i + 1) * 41_000;
  const later = (seconds: number) => new Date(begun + seconds * 1000).toISOString();
  const over = !["ringing", "live", "unknown"].includes(r.state);
  return {
    id: idOf("at", 1_000_000 - i), state: r.state, lead: idOf("ld", 1 + (i % 40)), lead_name: name, enrollment: idOf("en", 1 + (i % 40)), touch: idOf("tt", i + 1),
    cadence: idOf("cd", 1 + (i % 3)), cadence_name: ["Five touches in six days", "Same-day quote", "Renewal reminder"][i % 3] ?? "", version: 1, step: `call-${1 + (i % 5)}`, run: 1,
    list: idOf("ls", 1), campaign: "Five touches in six days", to: "+1…42", from: i % 2 ? "+13035550100" : "+13035550101", connect: r.answered && !r.machine ? "number" : "",
    result: r.answered ? "answered" : over ? "unreached" : "", reason: r.state === "unknown" ? "no answer from the carrier" : "", answered_by: r.machine ? "machine_end_beep" : r.answered ? "human" : "",
    disposition: r.disposition ?? "", disposition_by: r.disposition ? (r.talk ? "api" : "system") : "", intent_at: later(0), placed_at: r.state === "unknown" ? null : later(1),
    answered_at: r.answered ? later(9) : null, ended_at: over ? later(12 + (r.talk ?? 20)) : null, zone: "America/Denver",
    local_time: "2026-01-06T08:01:12-07:00", talk_seconds: r.talk ?? 0, price: over && r.state === "ended" ? "-0.01400" : "", call_id: r.state === "unknown" ? "" : `CA${"0".repeat(31)}${i % 10}`, rule: "",
    voicemail: r.machine ? { beep: true, seconds: 21, cut: "", audio: "" } : null,
  };
}

/** Calls of the last minutes, newest first. */
export function sampleAttempts(count: "none" | "few" | "many", now: string): Attempt[] {
  const n = { none: 0, few: 18, many: 240 }[count];
  return Array.from({ length: n }, (_, i) => attempt(i, now, count === "many" && i % 6 === 0 ? (hostile[(i / 6) % hostile.length] ?? "") : `Lead ${String(1 + (i % 40)).padStart(5, "0")}`));
}

const check = (rule: string, kind: string, title: string, detail = "", local = "", duty = false) => ({ rule, kind, result: "allow" as const, zone: local ? "America/Denver" : "", local, until: null, detail, title, source: "house", remedy: "", duty });

/** One attempt in full. */
export function attemptDetail(a: Attempt, now: string): AttemptDetail {
  const over = a.ended_at !== null;
  return {
    ...a, as_of: now, due_at: new Date(Date.parse(a.intent_at) - 1400).toISOString(), detection: "detect_message_end", put_through: { after: over ? 3.4 : null, within: 2, late: over, message: false }, cost: { amount: over ? "0.014" : "0.042", reckoned: !over },
    caller_id: { number: a.from, strategy: "rotating_pool", pool: "default" },
    verdict: {
      answer: "allow", rule: "", policy: 13, packs: "2f8a3b5ed79c7f60dd175956d92662fa8d6057b0bf4af1068d3f510a9d126c8d", not_after: "2026-01-07T01:59:00.000Z",
      facts: { zones: ["America/Denver"], jurisdictions: ["US", "US-CO"], counted_calls: 1, number_cap: 3, dnc: false },
      replay: { answer: "allow", rule: "", same: true },
      trace: [
        check("house.kill_switch", "stop", "All dialing is stopped"), check("dnc.internal", "dnc", "The number is on the do-not-call list"), check("tz.unknown", "zone", "No local time is known for the number", "America/Denver"),
        check("cap.number.24h", "cap", "The number had its calls within 24 hours", "1 of 3 calls within 24 hours"),
        check("us.tsr.hours", "window", "Outside 8:00 to 21:00 at the called party's place", "", "2026-01-06T08:01:12"), check("house.hours", "window", "Outside the house's hours", "", "2026-01-06T08:01:12"),
        check("us.tsr.records", "retention", "Records of every sales call are kept for five years", "kept: nothing trims what it names", "", true),
      ],
    },
    dispositions: a.disposition && over ? [{ code: a.disposition, by: a.disposition_by === "api" ? "api" : "system", at: a.ended_at ?? now, note: a.talk_seconds > 100 ? `Wants the papers by mail. ${hostile[1]}` : "", callback_at: null, variables: {} }] : [],
  };
}

/** The log of one attempt, or what is told when it was trimmed. */
export function attemptLog(a: Attempt, now: string, trimmed = false): AttemptLog {
  if (trimmed)
    return { as_of: now, complete: false, missing: "the log is kept for 7 days and this call began before its oldest record; what stands in the attempt itself is kept for good", items: [] };
  const items: AttemptLog["items"] = [{ record: 811, at: a.intent_at, kind: "intent", detail: { from: a.from, step: a.step, run: 1, detection: "detect_message_end", ring_seconds: 25, due: a.intent_at } }];
  if (a.placed_at) items.push({ record: 812, at: a.placed_at, kind: "placed", detail: { call_id: a.call_id, how: "response" } });
  else items.push({ record: 812, at: a.intent_at, kind: "unclear", detail: { reason: a.reason } });
  if (a.placed_at) items.push({ record: 820, at: a.placed_at, kind: "call", detail: { state: "ringing", status: "ringing", ringing_at: a.placed_at } });
  if (a.answered_at) {
    items.push({ record: 871, at: a.answered_at, kind: "call", detail: { state: "live", status: "in-progress", answered_by: a.answered_by, answered_at: a.answered_at } });
    items.push({ record: 872, at: a.answered_at, kind: "script", detail: a.voicemail ? { script: "voicemail", seconds: 21 } : { script: "connect" } });
  }
  if (a.ended_at) {
    items.push({ record: 990, at: a.ended_at, kind: "call", detail: { state: "closing", status: "completed", seconds: a.talk_seconds, price: a.price } });
    items.push({ record: 991, at: a.ended_at, kind: "ended", detail: { state: a.state, disposition: a.disposition, by: "system", result: a.result || "unreached" } });
  }
  return { as_of: now, complete: true, missing: "", items };
}
