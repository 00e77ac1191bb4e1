import type { View, ViewPage, ViewSearch } from "../../src/api/views";
import { idOf } from "./cadences";
import { Refused } from "./refused";
import type { Answer } from "./routes";

const hostile = "<img src=x onerror=alert(1)> a name that is far longer than any menu is wide, and goes on";

/** The saved views of a stand-in. */
export class Views {
  private readonly all: View[];
  private made = 100;

  constructor(count: "none" | "few" | "many", private readonly now: () => string) {
    const one = (i: number, page: ViewPage, name: string, search: ViewSearch, more: Partial<View> = {}): View =>
      ({ id: idOf("vw", i), page, name, search, shared: false, mine: true, by: "manager 1", default: false, created_at: now(), updated_at: now(), ...more });
    this.all = count === "none" ? [] : [
      one(1, "leads", "Never called", { called: "never", sort: "-created" }),
      one(2, "leads", "Called longest ago", { called: "ever", sort: "called", cols: ["number", "called"] }, { shared: true, mine: false, by: "manager 2" }),
      one(3, "attempts", "Busy lines", { disposition: "BUSY" }, { shared: true }),
    ];
    if (count === "many") for (let i = 10; i < 40; i++) this.all.push(one(i, "leads", i % 7 ? `View ${i}` : hostile, { q: `lead ${i}` }, { shared: i % 2 === 0 }));
  }

  answer(method: string, id: string, verb: string, query: URLSearchParams, body: string): Answer {
    if (method === "GET") return [200, { items: this.all.filter((v) => !query.get("page") || v.page === query.get("page")), next: null }];
    const said = (body ? JSON.parse(body) : {}) as { page: ViewPage; name?: string; search?: ViewSearch; view?: string };
    if (id === "default") {
      for (const v of this.all) if (v.page === said.page) v.default = v.id === said.view;
      return [204];
    }
    const taken = this.all.some((v) => v.name === said.name && v.id !== id && (said.page ?? this.one(id).page) === v.page);
    if (taken) throw new Refused(409, "conflict", `there is already a view named ${said.name} on this page`);
    if (method === "POST" && !id) {
      const made: View = { id: idOf("vw", this.made++), page: said.page, name: said.name ?? "", search: said.search ?? {}, shared: false, mine: true, by: "local", default: false, created_at: this.now(), updated_at: this.now() };
      this.all.push(made);
      return [201, made];
    }
    const v = this.one(id);
    if (method === "DELETE") {
      this.all.splice(this.all.indexOf(v), 1);
      return [204];
    }
    if (verb) v.shared = verb === "share";
    Object.assign(v, said.name ? { name: said.name } : {}, said.search ? { search: said.search } : {});
    return [200, v];
  }

  private one(id: string): View {
    const v = this.all.find((x) => x.id === id);
    if (!v) throw new Refused(404, "not_found", "there is no such view");
    return v;
  }
}
