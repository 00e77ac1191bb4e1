import type { Schemas } from "../../src/api/client";
import type { LeadImport, LeadsPreview, List } from "../../src/api/lists";
import { hostile } from "./attempts";
import { idOf } from "./cadences";
import { Refused } from "./refused";
import type { Answer } from "./routes";

const blocked = [
  { rule: "us.tsr.consent", message: "A recorded message needs the person's consent", leads: 18 },
  { rule: "dnc.internal", message: "The number is on the do-not-call list", leads: 6 },
];

function list(i: number, name: string, now: string, more: Partial<List> = {}): List {
  return {
    id: idOf("ls", i), name, source: "crm", lead_type: "", leads: 1200, import: idOf("im", i), import_state: "done", created_at: new Date(Date.parse(now) - i * 86_400_000).toISOString(),
    paused: false, priority: 0, release_per_day: 0, released_today: 212, attempted: 843, contacted: 214, converted: 31, exhausted: 96, blocked: 24, blocked_by: blocked, callable_today: 388, ...more,
  };
}

const started: Partial<List> = { attempted: 0, contacted: 0, converted: 0, exhausted: 0, blocked: 0, blocked_by: [], released_today: 0 };

/** Lists in every state there is; in a crowd their names are long, or code. */
export function sampleLists(count: "none" | "few" | "many", now: string): List[] {
  if (count === "none") return [];
  const few = [
    list(1, "January web leads", now),
    list(2, "Spring fair", now, { priority: 5, release_per_day: 200, released_today: 137, source: "fair" }),
    list(3, "Policies that end in March", now, { ...started, paused: true, callable_today: 0 }),
    list(4, "Partner file", now, { ...started, leads: 7, import_state: "undone", paused: true, callable_today: 0 }),
  ];
  const odd = (i: number) => (i % 4 === 0 ? (hostile[(i / 4) % hostile.length] ?? "") : `Regional list ${i} with a name that somebody made rather long`);
  return count === "few" ? few : [...few, ...Array.from({ length: 12 }, (_, i) => list(i + 10, odd(i), now, { leads: 1_250_000, callable_today: i % 3 ? 100_000 : null }))];
}

/** The lists and imports of a stand-in. An import is done when it is asked about for the second time. */
export class Lists {
  items: List[];
  private imports = new Map<string, LeadImport>();
  private made = 700;

  constructor(count: "none" | "few" | "many", private readonly now: () => string) {
    this.items = sampleLists(count, now());
  }

  page(): Schemas["ListPage"] {
    return { as_of: this.now(), day_ends: "2026-01-07T05:00:00.000Z", items: this.items, next: null };
  }

  change(id: string, body: string): Answer {
    const l = this.items.find((x) => x.id === id);
    if (!l) throw new Refused(404, "not_found", "There is no such list.");
    if (l.name === "Partner file") throw new Refused(409, "conflict", "Its import was undone, and nobody is left in it.");
    Object.assign(l, JSON.parse(body) as Schemas["ListPatch"]);
    return [200, { ...l, as_of: this.now(), day_ends: "2026-01-07T05:00:00.000Z" } satisfies Schemas["ListDetail"]];
  }

  /** Reads a file as far as this stand-in can: a header, and a row a line. */
  preview(query: URLSearchParams, body: string): Answer {
    const [head = "", ...rows] = body.trim().split("\n");
    const told = JSON.parse(query.get("mapping") ?? "{}") as Record<string, string>;
    const guess = (name: string) => ({ name: "name", phone: "phone", email: "email", zone: "zone" })[name.toLowerCase()] ?? "extra";
    const columns = head.split(",").map((name, i) => ({ name, field: told[name] ?? guess(name), samples: rows.slice(0, 3).map((r) => r.split(",")[i] ?? "").filter(Boolean) }));
    const phone = columns.findIndex((c) => c.field.startsWith("phone"));
    const fields = ["email", "extra", "external_id", "first_name", "ignore", "last_name", "name", "phone", "phone.mobile", "zone"];
    const none = { rows: 0, new: 0, existing: 0, repeated: 0, rejected: 0, suppressed: 0, rejects: [] };
    const base = { as_of: this.now(), format: "csv", encoding: "utf-8", delimiter: ",", columns, fields, problem: null } as const;
    if (phone < 0) return [200, { ...base, ...none, problem: { code: "file.no_phone", message: "no column holds telephone numbers", remedy: "name a column Phone, or map one to phone" } } satisfies LeadsPreview];
    const rejects = rows.flatMap((r, i) => (/^\+\d{10,}$/.test(r.split(",")[phone] ?? "") ? [] : [{ line: i + 2, column: columns[phone]?.name ?? "", code: "number.invalid", message: "the value is no telephone number; write it with the country code" }]));
    const good = rows.length - rejects.length;
    return [200, { ...base, rows: rows.length, new: Math.max(0, good - 1), existing: Math.min(1, good), repeated: 0, rejected: rejects.length, suppressed: Math.min(1, good), rejects } satisfies LeadsPreview];
  }

  take(query: URLSearchParams, body: string): Answer {
    const rows = body.trim().split("\n").length - 1;
    const n = this.made++;
    const i: LeadImport = {
      id: idOf("im", n), list: idOf("ls", n), state: "running", rows: Math.floor(rows / 2), accepted: 0, rejected: 0, errors_url: "", created: 0, updated: 0, skipped: 0, enrolled: 0,
      started_at: this.now(), ended_at: null, message: "", removed: 0, kept: [], undone_at: null, undone_by: "",
    };
    this.imports.set(i.id, i);
    this.items.unshift(list(n, query.get("name") ?? "Import", this.now(), { ...started, leads: rows, import: i.id }));
    return [202, { import: { ...i } }];
  }

  answer(method: string, id: string, verb: string): Answer {
    const i = this.imports.get(id) ?? this.known(id);
    if (verb === "errors") return [200, { items: [{ line: 3, column: "phone", code: "number.invalid", message: "the value is no telephone number" }], next: null } satisfies Schemas["ImportErrorPage"]];
    if (method === "POST" && verb === "undo") {
      Object.assign(i, { state: "undoing", removed: 1 });
      const l = this.items.find((x) => x.import === id);
      if (l) Object.assign(l, { import_state: "undone", paused: true, leads: 2 });
      return [202, { import: { ...i } }];
    }
    const told = { ...i };
    if (i.state === "running") Object.assign(i, { state: "done", rows: i.rows * 2 + 1, created: i.rows, updated: 1, rejected: 1, enrolled: i.rows, ended_at: this.now() });
    else if (i.state === "undoing") Object.assign(i, { state: "undone", removed: i.created, kept: [{ reason: "called", leads: 2 }, { reason: "here_before", leads: 1 }], undone_at: this.now(), undone_by: "local" });
    return [200, { import: told }];
  }

  private known(id: string): LeadImport {
    if (!this.items.some((l) => l.import === id)) throw new Refused(404, "not_found", "There is no such import.");
    const i: LeadImport = {
      id, list: "", state: "done", rows: 1200, accepted: 1200, rejected: 0, errors_url: "", created: 1200, updated: 0, skipped: 0, enrolled: 1200, started_at: this.now(), ended_at: this.now(), message: "",
      removed: 0, kept: [], undone_at: null, undone_by: "",
    };
    this.imports.set(id, i);
    return i;
  }
}
