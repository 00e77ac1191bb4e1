import type { PackRule, Packs, Supposition } from "../../src/api/compliance";
import type { Schemas } from "../../src/api/client";

const rule = (r: Partial<PackRule> & Pick<PackRule, "id" | "kind" | "title">): PackRule => ({
  judged: true, countries: ["US"], states: [], purposes: [], lines: [], voices: [], params: {}, waived_by: [], declared: false, source: "16 CFR 310.4(c)", confidence: "V",
  effective_from: "", effective_to: "", in_force: true, review_by: "", overdue: false, remedy: "wait for the window", ...r,
});

const some: PackRule[] = [
  rule({ id: "us.tsr.hours", kind: "window", title: "Outside 8:00 to 21:00 at the called party's place", purposes: ["sales", "charity"], params: { days: { "mon-sun": ["08:00-21:00"] } }, waived_by: ["consent.time_specific"] }),
  rule({ id: "us.regf.7in7", kind: "cap", title: "Seven calls about a debt within seven days", purposes: ["debt_collection"], params: { key: ["person", "debt"], max: 7, per: "7d" }, remedy: "wait until the oldest call leaves the period", source: "12 CFR 1006.14(b)(2)(i)(A)" }),
  rule({ id: "us.fcc.ai-voice.sales", kind: "consent", title: "A machine's voice may sell only to people who agreed to it in writing", purposes: ["sales"], voices: ["artificial", "prerecorded"], params: { need: "consent.express_written" }, remedy: "record the person's consent with its date and proof" }),
  rule({ id: "us.dnc.national", kind: "scrub", title: "The national list is not older than 31 days", judged: false, params: { list: "national", max_age: "31d" }, review_by: "2026-01-02", overdue: true, confidence: "S" }),
];
const states: PackRule[] = [
  rule({ id: "us.fl.hours", kind: "window", title: "Outside 8:00 to 20:00 in Florida", states: ["FL"], params: { days: { "mon-sun": ["08:00-20:00"] } }, source: "Fla. Stat. 501.616(6)(a)", effective_from: "2021-07-01" }),
  rule({ id: "us.tx.sunday", kind: "window", title: "Sunday before noon in Texas", states: ["TX"], params: { days: { "mon-sat": ["09:00-21:00"], sun: ["12:00-21:00"] } }, confidence: "M", in_force: false, effective_from: "2027-01-01" }),
];

export function packs(now: string, how: "none" | "few" | "many"): Packs {
  const built_in = [
    { id: "house.kill_switch", kind: "stop", title: "All dialing is stopped", source: "house", remedy: "resume dialing" },
    { id: "dnc.internal", kind: "dnc", title: "The number is on the do-not-call list", source: "47 CFR 64.1200(d)", remedy: "nothing: the person said no" },
  ];
  const base = { as_of: now, tz: "2026b", built_in };
  if (how === "none") return { ...base, digest: null, since: null, refused: "us-states.yaml:41: us.fl.hours: no minute of a week is left in US-FL; widen it", files: [] };
  const crowd = Array.from({ length: how === "many" ? 260 : 0 }, (_, i) => rule({ ...states[i % 2]!, id: `us.x${i}.hours` }));
  const file = (path: string, rules: PackRule[]) => ({ path, pack: path.replace(".yaml", ""), review_by: "2027-01-31", overdue: false, calendars: path.startsWith("us-f") ? [{ id: "us.federal", days: 11, source: "5 U.S.C. 6103", confidence: "V" as const, review_by: "", overdue: false }] : [], rules });
  return { ...base, digest: "4f1d9c0b".repeat(8), since: now, refused: "", files: [file("us-federal.yaml", some), file("us-states.yaml", [...states, ...crowd])] };
}

/** What the permit of a stand-in says: no on Sundays, and to a machine's voice without consent. */
export function supposition(now: string, q: Schemas["SupposeRequest"]): Supposition {
  const at = q.local ? `${q.local}:00.000Z` : now;
  const machine = q.voice && q.voice !== "live" && !q.consents?.includes("express_written");
  const late = q.local?.includes("T2") ?? false;
  const check = (c: Partial<Supposition["trace"][number]> & { rule: string; kind: string; title: string }) => ({ result: "allow" as const, zone: "", local: "", until: null, detail: "", source: "house", remedy: "wait", duty: false, ...c });
  const hours = check({ rule: "us.tsr.hours", kind: "window", title: "Outside 8:00 to 21:00 at the called party's place", source: "16 CFR 310.4(c); 47 CFR 64.1200(c)(1)", zone: "America/Denver", local: at.slice(0, 19), remedy: "wait for the window", ...(late && { result: "defer" as const, until: "2026-01-07T15:00:00.000Z" }) });
  const voice = check({ rule: "us.fcc.ai-voice.sales", kind: "consent", title: "A machine's voice may sell only to people who agreed to it in writing", detail: "consent.express_written is not recorded, nor is any other consent that counts", remedy: "record the person's consent with its date and proof", ...(machine && { result: "block" as const }) });
  const first = machine ? voice : late ? hours : undefined;
  return {
    at, answer: first?.result ?? "allow", rule: first?.rule ?? "", message: first ? `${first.title}: ${first.remedy}` : "", until: first?.until ?? null, not_after: first ? null : "2026-01-07T04:00:00.000Z",
    next_eligible: machine ? null : { at: late ? "2026-01-07T15:00:00.000Z" : at, local: late ? "2026-01-07T08:00:00" : at.slice(0, 19), zone: "America/Denver" },
    zones: [{ zone: "America/Denver", local: at.slice(0, 19) }, { zone: "America/Phoenix", local: at.slice(0, 19) }], jurisdictions: ["US", "US-CO", ...(q.state ? [`US-${q.state}`] : [])], purpose: q.purpose ?? "sales", voice: q.voice ?? "live",
    packs: "4f1d9c0b".repeat(8), number: { number: q.number, known: true, country: "US", dnc: false, retired: false, open_attempt: false, calls_24h: 1, consents: q.consents ?? [] },
    trace: [
      ...(machine ? [voice] : []), check({ rule: "dnc.internal", kind: "dnc", title: "The number is on the do-not-call list" }),
      check({ rule: "cap.number.24h", kind: "cap", title: "The number had its calls within 24 hours", detail: "1 of 3 calls within 24 hours" }), hours,
      check({ rule: "us.dnc.national", kind: "scrub", title: "The national list is not older than 31 days", detail: "kept elsewhere: by what the product does, not by a permit", duty: true, source: "16 CFR 310.4(b)(3)(iv)" }),
    ],
  };
}
