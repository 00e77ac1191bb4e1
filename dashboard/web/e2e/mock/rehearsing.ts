import type { Schemas } from "../../src/api/client";
import { idOf } from "./cadences";
import { Refused } from "./refused";
import type { Answer } from "./routes";

type Item = Schemas["Rehearsal"];

/** The telephones of our own people, and the calls to them. */
export class Rehearsing {
  constructor(private readonly count: "none" | "few" | "many", private readonly now: () => string) {}

  answer(kind: string, id: string, verb: string): Answer {
    if (kind === "staff-numbers") return [200, { as_of: this.now(), items: this.staff(), next: null } satisfies Schemas["StaffNumberPage"]];
    if (!id) return [200, { as_of: this.now(), items: this.items(), next: null } satisfies Schemas["RehearsalPage"]];
    const one = this.items().find((r) => r.id === id);
    if (!one || verb) throw new Refused(404, "not_found", "There is no such rehearsal.");
    const story: Schemas["LoggedEvent"][] = one.placed_at ? [
      { record: 90, at: one.at, kind: "intent", detail: { step: "1", from: one.from, ring_seconds: 30 } },
      { record: 91, at: one.placed_at, kind: "placed", detail: { call_id: one.call_id, how: "response" } },
      { record: 95, at: one.ended_at ?? one.at, kind: "ended", detail: { state: "ended", disposition: one.disposition, result: one.result } },
    ] : [];
    return [200, { ...one, as_of: this.now(), verdict: null, story } satisfies Schemas["RehearsalDetail"]];
  }

  private staff(): Schemas["StaffNumber"][] {
    if (this.count === "none") return [];
    const one = { number: "+13035550142", name: "Manager 1", verified: true, verified_at: this.now(), verified_by: "manager 1", added_at: this.now(), added_by: "manager 1", code_until: null, spoken_code: "", calls_24h: 2, calls_24h_most: 10, rehearsal: null };
    return [one, { ...one, number: "+13035550143", name: "Manager 2 with a rather long name, at home", verified: false, verified_at: null, verified_by: "", code_until: this.now(), spoken_code: "204 118", calls_24h: 1, calls_24h_most: 3 }];
  }

  private items(): Item[] {
    const n = { none: 0, few: 4, many: 60 }[this.count];
    return Array.from({ length: n }, (_, i) => this.one(i));
  }

  private one(i: number): Item {
    const at = new Date(Date.parse(this.now()) - (i + 1) * 3_900_000).toISOString();
    const later = (s: number) => new Date(Date.parse(at) + s * 1000).toISOString();
    const base: Item = {
      id: idOf("rh", 70 + i), kind: "step", state: "ended", to: "+13035550142", name: "Manager 1", from: "+13035550100", cadence: idOf("cd", 1), cadence_name: "Five touches in six days", version: i % 2 ? 1 : null, step: `call-${1 + (i % 5)}`, by: "manager 1",
      at, expires_at: later(60), placed_at: later(1), answered_at: later(9), ended_at: later(48), answered_by: "human", played: "connect", digits: "", contact: true, disposition: "CONNECTED", result: "answered", reason: "", talk_seconds: 39, call_id: `CA${i}`, note: "", voicemail: null, refused: null,
    };
    const never = { placed_at: null, answered_at: null, ended_at: null, answered_by: "", played: "", contact: false, disposition: "", result: "", talk_seconds: 0, call_id: "" };
    if (i % 4 === 1) return { ...base, answered_at: null, answered_by: "", played: "", contact: false, disposition: "NO_ANSWER", result: "no_answer", talk_seconds: 0 };
    if (i % 4 === 2) return { ...base, ...never, state: "not_made", from: "", refused: { rule: "us.hours.federal", title: "the law's hours", unblock: "wait for the morning", detail: "It is 21:14 there", until: later(39_000) } };
    if (i % 4 === 3) return { ...base, kind: "code", cadence: null, cadence_name: "", version: null, step: "", name: "", to: "" };
    return base;
  }
}
