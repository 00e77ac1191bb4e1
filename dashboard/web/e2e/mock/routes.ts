import type { CadenceDocument, Schemas } from "../../src/api/client";
import { shares } from "./abandon";
import { packs, supposition } from "./compliance";
import { difference, templates, versions } from "./drafting";
import { machine } from "./machine";
import { account, settings } from "./settings";
import { returnCalls } from "./leads";
import { callReport, callerReport, cadenceBlockers } from "./reports";
import { Refused, type World } from "./world";

export type Answer = [status: number, body?: unknown, headers?: Record<string, string>];

/** A refusal in the contract's one error shape. */
export const errorBody = (e: Refused): Schemas["ErrorBody"] => ({ error: { code: e.code, message: e.message, field: e.field, details: e.details } });

/** Answers a request as the contract says, or throws Refused. */
export function answer(w: World, method: string, url: URL, body: string): Answer {
  const [, , kind, id, verb] = url.pathname.split("/");
  const call = `${method} ${kind}`;
  if (call === "GET me") return [200, w.me()];
  if (w.me().kind === "") throw new Refused(401, "unauthorized", "Sign in first.");
  if (call === "GET overview") return [200, w.overview(url.searchParams.get("last"))];
  if (kind === "recommendations") return [200, id ? w.setAside(id, verb ?? "") : w.recommendations()];
  if (kind === "reports") return [200, id === "calls" ? callReport(w, url.searchParams) : callerReport(w, url.searchParams)];
  if (kind === "lists") return method === "PATCH" ? w.lists.change(id ?? "", body) : [200, w.lists.page()];
  if (kind === "imports") return w.lists.answer(method, id ?? "", verb ?? "");
  if (call === "POST leads" && id === "import") return verb === "preview" ? w.lists.preview(url.searchParams, body) : w.lists.take(url.searchParams, body);
  if (call === "POST stop" || call === "POST resume") return [200, w.stop(kind === "stop", url.searchParams.get("cadence"), body)];
  if (kind === "compliance") return [200, id === "packs" ? packs(w.now(), w.scene.rules ?? "few") : supposition(w.now(), JSON.parse(body) as Schemas["SupposeRequest"])];
  if (kind === "settings") return [200, settings];
  if (kind === "account") return [200, account(w.now(), w.scene.machine === "ill")];
  if (kind === "caller-ids" && verb === "rest") w.rest(decodeURIComponent(id ?? ""));
  if (kind === "caller-ids") return w.numbers.answer(id ?? "", verb ?? "", body);
  if (kind === "ops") return [200, machine(w.now(), w.dialing(), w.scene.machine)];
  if (kind === "leads" || kind === "enrollments" || kind === "dnc") return w.people.answer(method, kind, id ?? "", verb ?? "", url.searchParams, body);
  if (call === "GET templates") return [200, templates(w, id)];
  if (call === "GET abandon") return [200, { items: w.cadences.length === 0 ? [] : shares(w.now()), next: null }];
  if (call === "GET return-calls") return [200, { as_of: w.now(), items: returnCalls(w.now(), url.searchParams.get("lead") ?? ""), next: null } satisfies Schemas["ReturnCallPage"]];
  if (kind === "rehearsals" || kind === "staff-numbers") return w.rehearsing.answer(kind, id ?? "", verb ?? "");
  if (kind === "users" || kind === "keys" || kind === "roles") return w.access.answer(method, kind, id ?? "", verb ?? "", body);
  if (kind === "views") return w.views.answer(method, id ?? "", verb ?? "", url.searchParams, body);
  if (kind === "dispositions") return [200, w.dispositions()];
  if (kind === "attempts" && !id) return [200, w.attemptPage(url.searchParams)];
  if (kind === "attempts" && id) return [200, verb === "log" ? w.attemptLog(id) : w.attempt(id)];
  if (kind !== "cadences") throw new Refused(404, "not_found", "There is no such route.");
  if (!id) return [200, w.page(url.searchParams)];
  if (id === "validate") return [200, { publishable: problems(body).length === 0, problems: problems(body) } satisfies Schemas["Validation"]];
  if (id === "import" && verb === "preview") return [200, foresee(w, body)];
  if (id === "import") return [201, bring(w, body)];
  if (method === "DELETE") return [204, w.remove(id)];
  if (method === "GET" && verb === "blockers") return [200, cadenceBlockers(w, id)];
  if (method === "GET" && verb === "export") return [200, w.one(id).draft, { "Content-Disposition": `attachment; filename="cadence.json"` }];
  if (method === "GET" && verb === "versions") return [200, versions(w, id)];
  if (method === "GET" && verb === "diff") return [200, difference(w, id)];
  if (method === "GET") return [200, w.one(id)];
  if (method === "PUT") return [200, w.rewrite(id, JSON.parse(body) as CadenceDocument)];
  if (verb === "migrate") return [200, w.migrate(id)];
  if (verb === "duplicate") return [201, w.add(w.one(id).draft)];
  return [200, w.act(id, verb ?? "")];
}

function foresee(w: World, body: string): Schemas["ImportPreview"] {
  const found = problems(body);
  if (found.length > 0) throw new Refused(400, "invalid", `The document has ${found.length} problems.`, found);
  const document = JSON.parse(body) as CadenceDocument;
  const taken = w.cadences.some((c) => c.name === document.name);
  return { items: [{ name: taken ? `${document.name} (2)` : document.name, renamed_from: taken ? document.name : null, steps: document.steps.length, publishable: true, missing: [], problems: [], document }] };
}

function bring(w: World, body: string): Schemas["ImportedCadences"] {
  const found = problems(body);
  if (found.length > 0) throw new Refused(400, "invalid", `The document has ${found.length} problems.`, found);
  const document = JSON.parse(body) as CadenceDocument;
  const cadence = w.add(document);
  return { items: [{ cadence, renamed_from: cadence.name === document.name ? null : document.name, missing: [] }] };
}

/** What is wrong with a text, by the two rules this stand-in knows. */
function problems(text: string): Schemas["Problem"][] {
  const found: Schemas["Problem"][] = [];
  text.split("\n").forEach((line, i) => {
    if (line.includes('"stepz"')) found.push({ severity: "error", code: "unknown_field", path: "stepz", line: i + 1, column: 3, message: "there is no field “stepz”", remedy: "did you mean “steps”?" });
    if (line.includes('"4 hours"')) found.push({ severity: "error", code: "bad_span", path: "steps[0].delay_after", line: i + 1, column: 22, message: "“4 hours” is not a delay", remedy: "write 4h" });
  });
  try {
    JSON.parse(text);
  } catch {
    found.push({ severity: "error", code: "not_json", path: "", line: 1, column: 1, message: "this is not JSON", remedy: "check quotes and commas" });
  }
  return found;
}
