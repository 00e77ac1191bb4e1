import type { CadenceDetail, CadenceItem, LiveFrame, Overview, Schemas } from "../../src/api/client";
import type { Attempt, AttemptDetail, AttemptLog } from "../../src/api/attempts";
import { byType } from "../../src/lib/figures";
import { ratio } from "../../src/lib/format";
import { Access } from "./access";
import { attemptDetail, attemptLog, sampleAttempts } from "./attempts";
import { idOf, sampleCadences, withRates } from "./cadences";
import { Lists } from "./lists";
import { Numbers } from "./numbers";
import { People } from "./people";
import { Rehearsing } from "./rehearsing";
import { advice } from "./reports";
import { Refused } from "./refused";
import { Views } from "./views";

export { Refused } from "./refused";

/** What a test wants to see. */
export interface Scene {
  cadences?: "none" | "few" | "many";
  attempts?: "none" | "few" | "many";
  leads?: "none" | "few" | "many";
  lists?: "none" | "few" | "many";
  numbers?: "none" | "few" | "many";
  views?: "none" | "few" | "many";
  demo?: boolean;
  /** Why dialing stands still, if it does. */
  off?: string;
  rules?: "none" | "few" | "many";
  /** What is said of numbers that are not to be called. */
  noes?: "none" | "few" | "many";
  /** In which state the machine is. */
  machine?: "idle" | "well" | "ill";
  rehearsals?: "none" | "few" | "many";
  /** Every read fails with this status. */
  failing?: number;
  /** No lead can be moved to another version. */
  immovable?: boolean;
  /** Nothing is answered at all. */
  away?: boolean;
  /** Reads are never answered. */
  silent?: boolean;
  /** Who the page works for; left out, whoever is at this computer, who may do everything. */
  me?: Schemas["Me"];
}

/** Virtual start of the demo: a Tuesday, 09:55 in New York. */
const START = Date.parse("2026-01-06T14:55:00Z");
const SPEED = 60;

const everyGrant = [
  "figures.read", "cadences.read", "cadences.manage", "leads.read", "leads.manage", "leads.import", "enroll", "unenroll", "attempts.read", "attempts.dispose", "dnc.read", "dnc.add",
  "dnc.remove", "dnc.import", "consent.manage", "media.read", "media.manage", "numbers.read", "numbers.manage", "views.share", "dialing.stop", "dialing.resume", "ops.read", "ops.manage", "audit.read",
  "users.manage", "keys.manage", "rehearse", "staff.manage",
];

/** A small engine's worth of state: enough to answer every route that the page asks for. */
export class World {
  cadences: CadenceDetail[];
  attempts: Attempt[];
  people: People;
  views: Views;
  lists: Lists;
  numbers: Numbers;
  rehearsing: Rehearsing;
  access: Access;
  stopped = false;
  private stoppedAt: string | null = null;
  private why = "";
  private born = Date.now();
  private changed = { cadences: 1, leads: 1, attempts: 1 };
  private ticks = 0;
  private made = 5000;

  me(): Schemas["Me"] {
    return this.scene.me ?? { sign_in: "none", needs_owner: false, kind: "local", name: "local", user: null, grants: everyGrant, zone: this.virtual()?.zone ?? null };
  }

  constructor(readonly scene: Scene) {
    this.cadences = sampleCadences(scene.cadences ?? "few", this.now());
    this.people = new People(scene.leads ?? "few", () => this.now(), scene.noes);
    this.views = new Views(scene.views ?? "few", () => this.now());
    this.lists = new Lists(scene.lists ?? "few", () => this.now());
    this.numbers = new Numbers(scene.numbers ?? "few", () => this.now());
    this.rehearsing = new Rehearsing(scene.rehearsals ?? "few", () => this.now());
    this.access = new Access(() => this.now());
    this.attempts = sampleAttempts(scene.attempts ?? "few", this.now());
  }

  now(): string {
    return new Date(this.scene.demo === false ? Date.now() : START + (Date.now() - this.born) * SPEED).toISOString();
  }

  dialing(): Schemas["Dialing"] {
    if (this.stopped) return { on: false, reason: "stopped", message: this.why, stopped: true, since: this.stoppedAt };
    if (this.scene.off) return { on: false, reason: "public_url", message: this.scene.off, stopped: false, since: null };
    return { on: true, reason: "", message: "", stopped: false, since: null };
  }

  private totals() {
    const sum = (f: "attempts" | "completed" | "contacts" | "conversions") => this.cadences.reduce((n, c) => n + c[f], 0);
    return { attempts: sum("attempts"), completed: sum("completed"), contacts: sum("contacts"), conversions: sum("conversions") };
  }

  /** One second passes: calls are made, some are answered. */
  tick() {
    this.ticks++;
    if (!this.dialing().on) return;
    for (const c of this.cadences.filter((x) => x.status === "active" && !x.halted)) {
      c.attempts += 2;
      c.completed += this.ticks % 7 === 0 ? 1 : 2;
      c.contacts += this.ticks % 3 === 0 ? 1 : 0;
      c.conversions += this.ticks % 12 === 0 ? 1 : 0;
      withRates(c);
    }
    this.changed.attempts++;
  }

  frame(): LiveFrame {
    const on = this.dialing().on && this.cadences.some((c) => c.status === "active");
    const wave = Math.sin(this.ticks / 7) + Math.sin(this.ticks / 3.1) / 2;
    const ringing = on ? Math.round(9 + 4 * wave) : 0;
    const live = on ? Math.round(14 + 3 * wave) : 0;
    return {
      as_of: this.now(), demo: this.demo(), virtual: this.virtual(), dialing: this.dialing(), ...this.totals(),
      ringing, live, calls_in_progress: ringing + live, pending: this.cadences.reduce((n, c) => n + c.enrolled, 0), ready: on ? 12 : 0,
      abandon: { hours: 24, answered: 400, abandoned: 7 }, calls_per_second: on ? Math.round((6 + wave) * 10) / 10 : 0, changed: { ...this.changed },
    };
  }

  private demo = () => this.scene.demo !== false;
  private virtual = (): Schemas["MaybeVirtual"] => (this.demo() ? { now: this.now(), speed: SPEED, zone: "America/New_York" } : null);

  /** The figures of all time, or of a period with those of the one before it. */
  overview(last?: string | null): Overview {
    const f = this.frame();
    const long = last ? Number(last.slice(0, -1)) * (last.endsWith("h") ? 3_600_000 : 86_400_000) : 0;
    const back = (n: number) => new Date(Date.parse(f.as_of) - n * long).toISOString();
    const before = { attempts: Math.round(f.attempts * 0.9), completed: Math.round(f.completed * 0.88), contacts: Math.round(f.contacts * 0.8), conversions: Math.round(f.conversions * 0.85) };
    const figures = this.cadences.map(({ id, name, type, status, steps, enrolled, attempts, completed, contacts, conversions, completion_rate, contact_rate, conversion_rate }) =>
      ({ id, name, type, status, steps, enrolled, attempts, completed, contacts, conversions, completion_rate, contact_rate, conversion_rate, average_attempts: contacts ? 2.4 : null }));
    const active = figures.filter((c) => c.status === "active");
    return {
      as_of: f.as_of, demo: f.demo, virtual: f.virtual, dialing: f.dialing, ...this.totals(),
      period: last ? { from: back(1), to: f.as_of } : null, created: last ? Math.min(2, figures.length) : 0,
      previous: last ? { from: back(2), to: back(1), ...before, completion_rate: ratio(before.completed, before.attempts), contact_rate: ratio(before.contacts, before.attempts), conversion_rate: ratio(before.conversions, before.contacts) } : null,
      total_cadences: figures.filter((c) => c.status !== "archived").length,
      average_steps: ratio(active.reduce((n, c) => n + c.steps, 0), active.length),
      completion_rate: ratio(f.completed, f.attempts), contact_rate: ratio(f.contacts, f.attempts), conversion_rate: ratio(f.conversions, f.contacts),
      average_attempts: f.contacts ? 2.4 : null, calls_in_progress: f.calls_in_progress, pending: f.pending, ready: f.ready,
      by_type: byType(figures).map(({ cadences, ...g }) => ({ ...g, cadences: cadences.length })), by_cadence: figures,
    };
  }

  page(query: URLSearchParams): Schemas["CadencePage"] {
    const q = query.get("q")?.toLowerCase();
    const fits = (c: CadenceDetail) =>
      (!query.get("status") || c.status === query.get("status")) && (!query.get("type") || c.type === query.get("type")) && (!q || `${c.name} ${c.description}`.toLowerCase().includes(q));
    const from = Number(query.get("cursor") ?? 0);
    const limit = Number(query.get("limit") ?? 100);
    const all = this.cadences.filter(fits);
    return { as_of: this.now(), items: all.slice(from, from + limit).map(item), next: from + limit < all.length ? String(from + limit) : null };
  }

  one(id: string): CadenceDetail {
    const c = this.cadences.find((x) => x.id === id);
    if (!c) throw new Refused(404, "not_found", "There is no such cadence.");
    c.as_of = this.now();
    return c;
  }

  attemptPage(query: URLSearchParams): Schemas["AttemptPage"] {
    const is = (name: string, value: string) => !query.get(name) || query.get(name) === value;
    const fits = (a: Attempt) => is("cadence", a.cadence) && is("disposition", a.disposition) && is("state", a.state) && is("step", a.step) && is("lead", a.lead) && is("caller_id", a.from) &&
      (!query.get("from") || a.intent_at.slice(0, 10) >= (query.get("from") ?? "")) && (!query.get("to") || a.intent_at.slice(0, 10) <= (query.get("to") ?? ""));
    const all = this.attempts.filter(fits);
    const from = Number(query.get("cursor") ?? 0);
    const limit = Number(query.get("limit") ?? 100);
    return { as_of: this.now(), items: all.slice(from, from + limit), next: from + limit < all.length ? String(from + limit) : null };
  }

  private call(id: string): Attempt {
    const a = this.attempts.find((x) => x.id === id);
    if (!a) throw new Refused(404, "not_found", "There is no such attempt.");
    return a;
  }

  attempt = (id: string): AttemptDetail => attemptDetail(this.call(id), this.now());
  attemptLog = (id: string): AttemptLog => attemptLog(this.call(id), this.now(), this.attempts.findIndex((a) => a.id === id) >= 12);

  /** A new call, in front of the others. */
  dial() {
    const [newest] = this.attempts;
    if (!newest) return;
    this.attempts = [{ ...newest, id: idOf("at", 2_000_000 + this.made++), state: "ringing", disposition: "", result: "", intent_at: this.now(), ended_at: null, talk_seconds: 0 }, ...this.attempts];
    this.changed.attempts++;
  }

  dispositions(): Schemas["DispositionPage"] {
    const codes = [["NO_ANSWER", "No answer"], ["BUSY", "Busy"], ["VOICEMAIL_LEFT", "Voicemail left"], ["SALE", "Sale"], ["NOT_INTERESTED", "Not interested"], ["DISCONNECTED", "Number not in service"]] as const;
    return { items: codes.map(([code, label]) => ({ code, label, aliases: [], scope: "lead", flags: [], route: code === "BUSY" ? { on: code, do: "retry", delay: "30m", max: 2 } : { on: code, do: code === "SALE" || code === "NOT_INTERESTED" ? "exit" : "next" } })), next: null };
  }

  private readonly aside = new Set<string>();
  private readonly resting = new Set<string>();

  recommendations(): Schemas["Recommendations"] {
    const all = this.cadences.length === 0 ? [] : advice(this.now(), this.cadences).filter((r) => !(r.number && this.resting.has(r.number)));
    return { as_of: this.now(), ready: true, days: 28, hidden: all.filter((r) => this.aside.has(r.id)).length, items: all.filter((r) => !this.aside.has(r.id)) };
  }

  setAside(id: string, verb: string): Schemas["Recommendation"] {
    const one = advice(this.now(), this.cadences).find((r) => r.id === id);
    if (!one) throw new Refused(404, "not_found", "There is no such recommendation.");
    if (verb === "hide") this.aside.add(id);
    else this.aside.delete(id);
    return one;
  }

  /** A number that rests is recommended to rest no more. */
  rest(number: string) {
    this.resting.add(number);
  }

  /** Changes one cadence by a verb of the contract. */
  act(id: string, verb: string): CadenceDetail {
    const c = this.one(id);
    this.changed.cadences++;
    switch (verb) {
      case "activate":
        if (c.name === "Appointment confirmation") throw new Refused(422, "refused", "Its caller-ID pool “confirmations” is empty. Add a number to the pool, then activate it.");
        if (c.version === 0) throw new Refused(422, "refused", "It was never published.");
        c.status = "active";
        return c;
      case "deactivate":
        c.status = "inactive";
        return c;
      case "archive":
        c.status = "archived";
        return c;
      case "unarchive":
        c.status = c.version > 0 ? "inactive" : "draft";
        return c;
      case "publish":
        return Object.assign(c, { version: c.version + 1, published: c.draft, publishable: false });
      default:
        throw new Refused(404, "not_found", "There is no such route.");
    }
  }

  /** Stores a draft. */
  rewrite(id: string, draft: CadenceDetail["draft"]): CadenceDetail {
    const c = this.one(id);
    if (this.cadences.some((x) => x !== c && x.name === draft.name)) throw new Refused(409, "conflict", `there is already a cadence named ${draft.name}`, [], "name");
    this.changed.cadences++;
    return Object.assign(c, { draft, name: draft.name, revision: c.revision + 1, publishable: !c.problems.some((p) => p.severity === "error") });
  }

  /** Moves the leads of a cadence to its newest version. */
  migrate(id: string): Schemas["Migrated"] {
    const c = this.one(id);
    if (this.scene.immovable) throw new Refused(503, "unavailable", "The ledger is being repaired.");
    return { version: c.version, moved: c.enrolled, kept: [] };
  }

  add(like: CadenceDetail["draft"]): CadenceDetail {
    let name = like.name;
    for (let n = 2; this.cadences.some((c) => c.name === name); n++) name = `${like.name} (${n})`;
    const base = sampleCadences("few", this.now())[5];
    if (!base) throw new Error("the sample has no draft");
    const c: CadenceDetail = { ...base, id: idOf("cd", this.made++), name, description: like.description ?? "", draft: { ...like, name }, steps: like.steps.length, type: like.connect?.[0]?.to as CadenceDetail["type"] ?? "none", created_at: this.now() };
    this.cadences.unshift(c);
    this.changed.cadences++;
    return c;
  }

  remove(id: string) {
    if (this.one(id).attempts > 0) throw new Refused(409, "conflict", "Leads have entered this cadence. Archive it instead.");
    this.cadences = this.cadences.filter((c) => c.id !== id);
    this.changed.cadences++;
  }

  stop(on: boolean, id: string | null, body: string): Schemas["StopAnswer"] {
    const { reason = "" } = body ? (JSON.parse(body) as Schemas["StopRequest"]) : {};
    if (id) this.one(id).halted = on;
    else Object.assign(this, { stopped: on, stoppedAt: on ? this.now() : null, why: `stopped through the API${reason && `: ${reason}`}` });
    this.changed.cadences++;
    return { as_of: this.now(), stopped: this.stopped, halted: this.cadences.filter((c) => c.halted).map((c) => c.id), cancelled: on ? 9 : 0 };
  }
}

function item({ as_of: _a, revision: _r, draft: _d, published: _p, problems: _q, ...c }: CadenceDetail): CadenceItem {
  return c;
}
