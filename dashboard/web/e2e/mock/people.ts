import type { Schemas } from "../../src/api/client";
import type { Lead, LeadRow } from "../../src/api/leads";
import type { Consent } from "../../src/api/consents";
import { idOf } from "./cadences";
import { consents } from "./consents";
import { explanation, forecast, leadDetail, leadRow, sampleLeads } from "./leads";
import { Refused } from "./refused";
import type { Answer } from "./routes";

/** The leads of a stand-in, with what can be done with them. */
export class People {
  readonly leads: Lead[];
  readonly left = new Set<string>();
  private marks: Schemas["DNCEntry"][] = [];
  private readonly own: Schemas["DNCEntry"][];
  private said: Schemas["DNCHistory"]["items"] = [];

  constructor(count: "none" | "few" | "many", private readonly now: () => string, private readonly noes?: "none" | "few" | "many") {
    this.leads = sampleLeads(count);
    const many = { none: 0, few: 6, many: 400 }[noes ?? "none"];
    const why = ["asked by phone", "key 9", "<img src=x onerror=alert(1)> wrote to us and asked, more than once, never to be called about any of this again", ""];
    this.own = Array.from({ length: many }, (_, i) => ({
      number: `+1212555${String(100 + i).padStart(4, "0")}`, list: "internal", scope: i % 5 === 4 ? "campaign:A campaign with a long name" : "all", at: now(), source: i % 2 ? "disposition" : "api", by: i % 3 ? "manager 1" : "", reason: why[i % 4] ?? "",
    }));
  }

  answer(method: string, kind: string, id: string, verb: string, query: URLSearchParams, body: string): Answer {
    if (kind === "dnc") return this.dnc(method, id, query, body);
    if (kind === "enrollments") return verb ? this.pause(verb === "pause") : this.enrollments(id, body);
    if (!id) return [200, this.page(query)];
    const l = this.one(id);
    const left = this.left.has(id);
    if (verb === "consents") return this.agreed(method, l, body);
    if (verb === "erase") return this.erase(l, body);
    if (verb === "explain") return [200, explanation(l, this.now(), left, this.marks.length > 0)];
    if (verb === "forecast") return [200, forecast(l, this.now(), query.get("assume") ?? "NO_ANSWER")];
    return [200, leadDetail(l, this.now(), left, this.paused)];
  }

  private consents: Consent[] | undefined;

  private agreed(method: string, l: Lead, body: string): Answer {
    const number = l.numbers[0]?.number ?? "";
    const all = (this.consents ??= consents(this.now(), number));
    if (method === "GET") return [200, { lead: l.id, items: all, revocations: [] } satisfies Schemas["Consents"]];
    const said = JSON.parse(body) as Schemas["ConsentRequest"] & Schemas["ConsentRevocation"];
    if (said.how) {
      for (const c of all) Object.assign(c, { status: "revoked", revoked_at: this.now() });
      return [200, { lead: l.id, items: all, revocations: [] } satisfies Schemas["Consents"]];
    }
    if (said.given_at > this.now()) throw new Refused(400, "invalid", "given_at is in the future", [], "given_at");
    const made: Consent = { ...all[0]!, id: idOf("cs", 60 + all.length), kind: said.kind, given_at: `${said.given_at}T00:00:00.000Z`, seller: said.seller ?? "", scope: said.scope ?? "all", source: said.source ?? "", proof: said.proof ?? "", status: "valid" };
    all.push(made);
    return [200, made];
  }

  private erase(l: Lead, body: string): Answer {
    const { reason } = JSON.parse(body) as Schemas["EraseRequest"];
    this.leads.splice(this.leads.indexOf(l), 1);
    return [200, { as_of: this.now(), lead: l.id, erased_at: this.now(), by: "manager 1", reason, numbers_forgotten: 1, numbers_shared: 0, enrollments: 2, open_attempts: 0, log_until: this.now(), backups: "backups made before now still name the person" } satisfies Schemas["Erasure"]];
  }

  private one(id: string): Lead {
    const l = this.leads.find((x) => x.id === id);
    if (!l) throw new Refused(404, "not_found", "There is no such lead.");
    return l;
  }

  private page(query: URLSearchParams): Schemas["LeadPage"] {
    const q = query.get("q")?.toLowerCase() ?? "";
    const number = query.get("number");
    const fits = (l: Lead) => (!number || l.numbers.some((n) => n.number === number)) && [l.name, l.email, l.external_id].some((s) => s.toLowerCase().startsWith(q));
    const called = query.get("called");
    const sort = query.get("sort") ?? (called ? "-created" : "");
    const by = sort.replace("-", "");
    const key = (l: LeadRow) => (by === "name" ? l.name.toLowerCase() : by === "created" ? l.created_at : by === "called" ? (l.called_at ?? "") : "");
    const all = this.leads.map(leadRow(this.now())).filter(fits).filter((l) => !called || (l.called_at === null) === (called === "never"));
    if (by) all.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0) * (sort.startsWith("-") ? -1 : 1));
    const from = Number(query.get("cursor") ?? 0);
    const limit = Number(query.get("limit") ?? 100);
    return { as_of: this.now(), items: all.slice(from, from + limit), next: from + limit < all.length ? String(from + limit) : null };
  }

  /** The one open stay of these leads. */
  private paused = false;
  private pause(on: boolean): Answer {
    this.paused = on;
    return [200, leadDetail(this.leads[0] as Lead, this.now(), false, on).enrollments[1]];
  }

  private enrollments(id: string, body: string): Answer {
    const { lead_ids = [] } = JSON.parse(body) as { lead_ids?: string[] };
    for (const lead of lead_ids) {
      if (id === "remove") this.left.add(lead);
      else this.left.delete(lead);
    }
    const rest = { skipped: [], skipped_total: 0 };
    return [200, id === "remove" ? { removed: lead_ids.length, ...rest } : { enrolled: lead_ids.length, ...rest }];
  }

  private get taken(): Schemas["DNCImportAnswer"]["import"] {
    return {
      id: idOf("im", 7), list: "national", edition: 3, as_of: this.now(), state: "done", by: "manager 1", rows: 1204, listed: 1180, duplicates: 20, rejected: 4, errors_url: "/v1/dnc/imports/x/errors", digest: "ab".repeat(32),
      started_at: this.now(), ended_at: this.now(), message: "",
    };
  }

  private numberLists(): Schemas["DNCListPage"] {
    const list = (name: string, count: number, age: number, running: boolean) => ({
      name, edition: 2, as_of: new Date(Date.parse(this.now()) - age * 86_400_000).toISOString(), age_days: age, in_force_since: this.now(), count, sum: "00f1e2d3c4b5a697", digest: "5e".repeat(32), running_import: running ? idOf("im", 8) : null,
    });
    const never = { name: "litigators", edition: 0, as_of: null, age_days: null, in_force_since: null, count: 0, sum: "0000000000000000", digest: "", running_import: null };
    const items = this.noes === "few" || this.noes === "many" ? [list("national", 1_204_332, 47, false), list("fl", 80_211, 3, false), never] : [];
    if (this.noes === "many") for (let i = 0; i < 40; i++) items.push(list(`a_list_with_a_rather_long_name_indeed_${i}`, 1000 * i, i, false));
    return { as_of: this.now(), marks: this.own.length, items, next: null };
  }

  private dnc(method: string, id: string, query: URLSearchParams, body: string): Answer {
    if (id === "lists") return [200, this.numberLists()];
    if (id === "imports") return [method === "POST" ? 202 : 200, { import: this.taken } satisfies Schemas["DNCImportAnswer"]];
    if (id === "history") return [200, { items: this.said, next: null } satisfies Schemas["DNCHistory"]];
    if (method === "GET" && !query.get("number")) {
      const from = Number(query.get("cursor") ?? 0);
      const limit = Number(query.get("limit") ?? 100);
      return [200, { items: this.own.slice(from, from + limit), next: from + limit < this.own.length ? String(from + limit) : null } satisfies Schemas["DNCPage"]];
    }
    if (method === "GET") return [200, { items: this.marks, next: null } satisfies Schemas["DNCPage"]];
    const said = { at: this.now(), source: "api", by: "manager 1" };
    if (method === "DELETE") {
      this.said.push({ ...said, scope: "all", on: false, reason: query.get("reason") ?? "" });
      this.marks = [];
      return [204];
    }
    const m = JSON.parse(body) as { number: string; scope?: string; reason?: string };
    const mark = { ...said, number: m.number, list: "internal", scope: m.scope ?? "all", reason: m.reason ?? "" };
    this.marks = [mark];
    this.said.push({ ...said, scope: mark.scope, on: true, reason: mark.reason });
    return [200, mark];
  }
}
