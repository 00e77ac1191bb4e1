import type { CallerID } from "../../src/api/numbers";
import type { Schemas } from "../../src/api/client";
import { Refused } from "./refused";
import type { Answer } from "./routes";

const HOUR = 3_600_000;
const later = (now: string, hours: number) => new Date(Date.parse(now) + hours * HOUR).toISOString();

const illness: Record<string, string> = {
  answer_rate: "answer_rate: 31 of 410 calls answered, 402 of 1890 in the rest of pool west",
  short_calls: "short_calls: 88 of 120 answered calls were over within seconds, 12 of 402 in the rest of pool default",
};

function number(i: number, now: string, state: CallerID["state"], pools: readonly string[], ill?: "answer_rate" | "short_calls", by: "carrier" | "health" | "operator" = "health"): CallerID {
  const attempts = i === 3 ? 12 : 380 + ((i * 37) % 200);
  const answered = ill === "answer_rate" ? Math.round(attempts * 0.08) : Math.round(attempts * 0.24);
  const short = ill === "short_calls" ? Math.round(answered * 0.7) : Math.round(answered * 0.04);
  return {
    number: `+1303555${String(100 + i).padStart(4, "0")}`, state, region: i % 4 === 3 ? "" : "US-CO", capabilities: ["voice"], calls_today: state === "full" ? 75 : (i * 11) % 70, daily_cap: 75,
    day_ends: later(now, 9), last_used: i === 3 ? null : later(now, -0.2 * i),
    health: {
      days: 7, attempts, answered, contacts: Math.round(answered * 0.8), answer_rate: answered / attempts, answer_interval: { low: Math.max(0, answered / attempts - 0.04), high: answered / attempts + 0.04 },
      short_calls: short, short_ratio: short / answered, neighbour_calls: 4, neighbour_ratio: 4 / attempts, enough: attempts >= 100, confidence: 0.99, well: !ill,
    },
    pools: pools.map((name) => ({ name, others_attempts: 1890, others_answer_rate: 0.213, others_answer_interval: { low: 0.19, high: 0.24 }, others_short_ratio: 0.03, ill: ill ?? null })),
    rest: state === "resting" ? {
      since: later(now, -20), until: later(now, 148), by, rule: by === "health" ? ill ?? null : null, author: by === "operator" ? "manager 1" : "",
      reason: by === "health" ? illness[ill ?? ""] ?? "" : by === "carrier" ? "caller_id (code 21210): the number is not verified" : "people said that it is shown as spam; the complaint with the carriers is open",
    } : null,
  };
}

export function sampleNumbers(how: "none" | "few" | "many", now: string): CallerID[] {
  if (how === "none") return [];
  if (how === "many") return Array.from({ length: 36 }, (_, i) => number(i, now, (["ready", "ready", "full", "resting"] as const)[i % 4] ?? "ready", [`a pool with a rather long name ${i % 12}`], i % 4 === 3 ? "short_calls" : undefined));
  return [
    number(0, now, "ready", ["default"]), number(1, now, "ready", ["default", "west"]), number(2, now, "full", ["default"]), number(3, now, "ready", ["default"]),
    number(4, now, "resting", ["default"], "short_calls"), number(5, now, "resting", ["west"], "answer_rate"), number(6, now, "resting", ["west"], undefined, "operator"),
  ].map((n, i) => (i === 5 ? { ...n, pools: n.pools.map((p) => ({ ...p, ill: null })) } : n));
}

const rules: Schemas["CallerIDRules"] = { days: 7, min_calls: 100, min_answered: 50, confidence: 0.99, margin: 0.02, short_ratio: 0.5, neighbour_ratio: 0.5, rest_seconds: 604_800 };

/** The numbers of a stand-in, which can be put to rest and woken. */
export class Numbers {
  all: CallerID[];

  constructor(how: "none" | "few" | "many", private readonly now: () => string) {
    this.all = sampleNumbers(how, now());
  }

  answer(number: string, verb: string, body: string): Answer {
    if (!number) return [200, { as_of: this.now(), rules, items: this.all, next: null } satisfies Schemas["CallerIDPage"]];
    const n = this.all.find((x) => x.number === decodeURIComponent(number));
    if (!n) throw new Refused(404, "not_found", "There is no such caller ID.");
    const said = JSON.parse(body) as { until?: string; reason?: string };
    if (verb === "rest" && said.until) Object.assign(n, { state: "resting", rest: { since: this.now(), until: said.until, reason: said.reason, by: "operator", rule: null, author: "manager 1" } });
    else Object.assign(n, { state: "ready", rest: null });
    return [200, { as_of: this.now(), caller_id: n } satisfies Schemas["CallerIDAnswer"]];
  }
}
