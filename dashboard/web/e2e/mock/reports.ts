import type { Schemas } from "../../src/api/client";
import { ratio } from "../../src/lib/format";
import type { World } from "./world";

type Figures = Pick<Schemas["CallReport"], "attempts" | "completed" | "contacts" | "conversions" | "answered" | "abandoned" | "voicemails" | "unconfirmed" | "completion_rate" | "contact_rate" | "conversion_rate" | "abandon_rate">;

/** Figures of so many attempts, in the same proportions everywhere. */
function figures(attempts: number, share = 0.12): Figures {
  const contacts = Math.round(attempts * share);
  const completed = Math.round(attempts * 0.93);
  const conversions = Math.round(contacts * 0.2);
  const answered = contacts + Math.round(attempts * 0.004);
  const abandoned = Math.round(attempts * 0.004);
  return {
    attempts, completed, contacts, conversions, answered, abandoned, voicemails: Math.round(attempts * 0.3), unconfirmed: Math.round(attempts * 0.002),
    completion_rate: ratio(completed, attempts), contact_rate: ratio(contacts, attempts), conversion_rate: ratio(conversions, contacts), abandon_rate: ratio(abandoned, answered),
  };
}

function asked(w: World, q: URLSearchParams) {
  const last = q.get("last") ?? "28d";
  const long = Number(last.slice(0, -1)) * 86_400_000;
  const cadence = q.get("cadence") ? w.one(q.get("cadence") ?? "") : null;
  const now = w.now();
  const period = q.get("from") ? { from: new Date(q.get("from") ?? "").toISOString(), to: new Date(q.get("to") ?? "").toISOString() } : { from: new Date(Date.parse(now) - long).toISOString(), to: now };
  return { as_of: w.now(), period, cadence: cadence && { id: cadence.id, name: cadence.name }, since: null, read_back_to: null };
}

export function callReport(w: World, q: URLSearchParams): Schemas["CallReport"] {
  const all = w.cadences.filter((c) => c.attempts > 0 && (!q.get("cadence") || c.id === q.get("cadence")));
  const total = all.reduce((n, c) => n + c.attempts, 0);
  const steps = all.flatMap((c) => ["call-1", "call-2", "call-3", "call-4", "call-5"].map((step, i) => ({
    cadence: c.id, cadence_name: c.name, step, position: i + 1, run: 1, leads: Math.round(c.attempts / (i + 2)), ...figures(Math.round(c.attempts / (i + 2)), 0.16 - i * 0.02),
  })));
  const codes = [["NO_ANSWER", "No answer", 0.46], ["VOICEMAIL_LEFT", "Voicemail left", 0.3], ["NOT_INTERESTED", "Not interested", 0.1], ["BUSY", "Busy", 0.08], ["SALE", "Sale", 0.04], ["DISCONNECTED", "Number not in service", 0.02]] as const;
  const hours = total === 0 ? [] : Array.from({ length: 6 * 12 }, (_, i) => {
    const [weekday, hour] = [1 + Math.floor(i / 12), 8 + (i % 12)];
    const attempts = weekday === 6 ? 6 : 40 + ((i * 37) % 90);
    const contacts = Math.round(attempts * (0.06 + ((hour * 7 + weekday * 3) % 11) / 60));
    return { weekday, hour, attempts, contacts, contact_rate: ratio(contacts, attempts) };
  });
  let left = Math.round(total / 3);
  const leads = left;
  let reached = 0;
  const points = total === 0 ? [] : Array.from({ length: 6 }, (_, i) => {
    const contacts = Math.round(left * (0.16 - i * 0.02));
    reached += contacts;
    const point = { attempt: i + 1, reached: left, contacts, contact_rate: ratio(contacts, left), cumulative: reached / leads };
    left = Math.round((left - contacts) * 0.8);
    return point;
  });
  return {
    ...asked(w, q), ...figures(total), leads, no_hour: { attempts: 3, contacts: 0, contact_rate: 0 }, hours,
    by_cadence: all.map((c) => ({ id: c.id, name: c.name, leads: Math.round(c.attempts / 3), ...figures(c.attempts) })), by_step: steps,
    by_disposition: total === 0 ? [] : codes.map(([code, label, share]) => ({ code, label, calls: Math.round(total * share), share })),
    attempts_to_contact: { leads, points },
  };
}

export function callerReport(w: World, q: URLSearchParams): Schemas["CallerIdReport"] {
  const total = w.cadences.reduce((n, c) => n + c.attempts, 0);
  const one = (number: string, attempts: number, share: number, state: string | null) => {
    const f = figures(attempts, share);
    return { number, state, answer_rate: ratio(f.answered, attempts), answer_interval: { low: share * 0.8, high: Math.min(1, share * 1.25) }, ...f };
  };
  return { ...asked(w, q), items: total === 0 ? [] : [one("+13035550100", 1200, 0.16, "ready"), one("+13035550101", 1150, 0.15, "ready"), one("+13035550102", 900, 0.05, "resting"), one("+13035550103", 40, 0.1, null)] };
}

export function cadenceBlockers(w: World, id: string): Schemas["Blockers"] {
  const c = w.one(id);
  const item = (rule: string, message: string, result: "defer" | "block", touches: number, next: string | null) => ({ rule, message, result, touches, next, leads: w.people.leads.slice(0, 3).map((l) => l.id) });
  return {
    as_of: w.now(), cadence: c.id, cadence_name: c.name, waiting: c.enrolled, looked: c.enrolled, callable: Math.round(c.enrolled * 0.1),
    items: [item("touch.not_due", "its next call is not due yet", "defer", Math.round(c.enrolled * 0.6), w.now()), item("us.hours", "outside the hours in which calls are allowed where the lead is", "defer", Math.round(c.enrolled * 0.3), w.now())],
    ended: c.enrolled > 0 ? [{ rule: "us.ct.consent", message: "a sales call to Connecticut needs written consent: record it; then enroll the leads again", leads: 3, samples: w.people.leads.slice(3, 6).map((l) => l.id), enrollments_url: `/v1/enrollments?cadence=${c.id}&rule=us.ct.consent` }] : [],
  };
}

/** One recommendation of each kind. */
export function advice(now: string, cadences: readonly { id: string; name: string }[]): Schemas["Recommendation"][] {
  const period = { from: new Date(Date.parse(now) - 28 * 86_400_000).toISOString(), to: now };
  const c = cadences[0] ?? { id: "", name: "" };
  const none = { period, cadence: null, number: null, step: null, weekday: null, hour: null, rest_until: null };
  const share = (count: number, of: number) => ({ count, of, rate: count / of, low: (count / of) * 0.8, high: Math.min(1, (count / of) * 1.25) });
  return [
    { ...none, id: `ad_${"a".repeat(26)}`, kind: "caller_id", title: "Let +13035550102 rest", own: share(36, 900), rest: share(384, 2400), number: "+13035550102", rest_until: new Date(Date.parse(now) + 7 * 86_400_000).toISOString(),
      evidence: "4.0 % (36 of 900) of its calls were answered by a person in the last 14 days, 16.0 % (384 of 2400) of those of the other numbers of pool \"default\". Chance does not explain that.",
      effect: "If its calls were answered like those of the others: about 108 more answered calls in as many days." },
    { ...none, id: `ad_${"b".repeat(26)}`, kind: "hours", title: `Call more on Tuesdays from 18:00 to 19:00 in "${c.name}"`, own: share(60, 200), rest: share(300, 3000), cadence: { id: c.id, name: c.name }, weekday: 2, hour: 18,
      evidence: "In this hour, where the lead is, 30.0 % (60 of 200) of the calls of the last 28 days were contacts, 10.0 % (300 of 3000) in all other hours. Chance does not explain that.",
      effect: "If a tenth of the other calls were made in this hour and went as well: about 60 more contacts in 28 days." },
    { ...none, id: `ad_${"c".repeat(26)}`, kind: "step", title: `Look at step "call-3" of "${c.name}": it reaches fewer people`, own: share(15, 300), rest: share(180, 900), cadence: { id: c.id, name: c.name }, step: "call-3",
      evidence: "5.0 % (15 of 300) of its calls of the last 7 days were contacts, 20.0 % (180 of 900) in the 21 days before. Chance does not explain that.", effect: "If it went as before: about 45 more contacts in 7 days." },
    { ...none, id: `ad_${"d".repeat(26)}`, kind: "leads", title: `Enroll leads in "${c.name}"`, own: share(9, 120), rest: null, cadence: { id: c.id, name: c.name },
      evidence: "It is active and made calls in the last 7 days (120), and no lead is left in it.", effect: "Without new leads it calls nobody. Enroll leads, or deactivate it." },
  ];
}
