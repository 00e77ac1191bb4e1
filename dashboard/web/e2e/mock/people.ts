import type { Schemas } from "../../src/api/client";
import type { Lead } from "../../src/api/leads";
import { explanation, forecast, leadDetail, sampleLeads } from "./leads";
import { Refused } from "./refused";
import type { Answer } from "./routes";

/** The leads of a stand-in, with what can be done with them. */
export class People {
  readonly leads: Lead[];
  readonly left = new Set<string>();
  private marks: Schemas["DNCEntry"][] = [];
  private said: Schemas["DNCHistory"]["items"] = [];

  constructor(count: "none" | "few" | "many", private readonly now: () => string) {
    this.leads = sampleLeads(count);
  }

  answer(method: string, kind: string, id: string, verb: string, query: URLSearchParams, body: string): Answer {
    if (kind === "dnc") return this.dnc(method, id, query, body);
    if (kind === "enrollments") return this.enrollments(id, body);
    if (!id) return [200, this.page(query)];
    const l = this.one(id);
    const left = this.left.has(id);
    if (verb === "explain") return [200, explanation(l, this.now(), left, this.marks.length > 0)];
    if (verb === "forecast") return [200, forecast(l, this.now(), query.get("assume") ?? "NO_ANSWER")];
    return [200, leadDetail(l, this.now(), left)];
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
    const all = this.leads.filter(fits);
    const from = Number(query.get("cursor") ?? 0);
    const limit = Number(query.get("limit") ?? 100);
    return { items: all.slice(from, from + limit), next: from + limit < all.length ? String(from + limit) : null };
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

  private dnc(method: string, id: string, query: URLSearchParams, body: string): Answer {
    if (id === "history") return [200, { items: this.said, next: null } satisfies Schemas["DNCHistory"]];
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
