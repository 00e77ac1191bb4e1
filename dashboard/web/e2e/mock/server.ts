import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import { existsSync, readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import type { CadenceDocument, Schemas } from "../../src/api/client";
import { Refused, type Scene, World } from "./world";

const dist = join(import.meta.dirname, "../../dist");
const mimes: Record<string, string> = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2" };

/** The policy the server sends with the page; the tests run under it. */
const policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/** Stands in for the server while the page is tested alone. Its answers have the types of the contract. */
export class Mock {
  readonly world: World;
  private streams = new Set<ServerResponse>();
  private beat = setInterval(() => this.pulse(), 1000);
  private server: Server;
  private frames = 0;

  constructor(readonly scene: Scene) {
    this.world = new World(scene);
    this.server = createServer((req, res) => void this.handle(req, res));
  }

  async listen(): Promise<string> {
    await new Promise<void>((done) => this.server.listen(0, "127.0.0.1", done));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close() {
    clearInterval(this.beat);
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  /** Breaks every open stream, as a restart does. */
  drop() {
    for (const s of this.streams) s.destroy();
  }

  private pulse() {
    this.world.tick();
    for (const s of this.streams) this.send(s);
  }

  private send(s: ServerResponse) {
    s.write(`id: ${++this.frames}\nevent: live\ndata: ${JSON.stringify(this.world.frame())}\n\n`);
  }

  private async handle(req: IncomingMessage, res: ServerResponse) {
    const url = new URL(req.url ?? "/", "http://mock");
    try {
      if (!url.pathname.startsWith("/v1/")) return file(url.pathname, res);
      if (req.method === "GET" && this.scene.silent) return;
      if (req.method === "GET" && this.scene.failing) throw new Refused(this.scene.failing, "unavailable", "The ledger is being repaired. Try again in a minute.");
      if (url.pathname === "/v1/live") return this.stream(res);
      const [status, answer, headers] = this.route(req.method ?? "GET", url, await bodyOf(req));
      res.writeHead(status, { "Content-Type": "application/json", ...headers });
      res.end(answer === undefined ? undefined : JSON.stringify(answer, null, 2));
    } catch (e) {
      if (!(e instanceof Refused)) throw e;
      const body: Schemas["ErrorBody"] = { error: { code: e.code, message: e.message, field: "", details: e.details } };
      res.writeHead(e.status, { "Content-Type": "application/json" });
      res.end(JSON.stringify(body));
    }
  }

  private stream(res: ServerResponse) {
    res.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-cache" });
    this.streams.add(res);
    res.on("close", () => this.streams.delete(res));
    this.send(res);
  }

  private route(method: string, url: URL, body: string): [status: number, answer?: unknown, headers?: Record<string, string>] {
    const w = this.world;
    const [, , kind, id, verb] = url.pathname.split("/");
    const call = `${method} ${kind}`;
    if (call === "GET overview") return [200, w.overview()];
    if (call === "POST stop" || call === "POST resume") return [200, w.stop(kind === "stop", url.searchParams.get("cadence"))];
    if (kind !== "cadences") throw new Refused(404, "not_found", "There is no such route.");
    if (!id) return [200, w.page(url.searchParams)];
    if (id === "validate") return [200, { publishable: problems(body).length === 0, problems: problems(body) } satisfies Schemas["Validation"]];
    if (id === "import") return [201, this.bring(body)];
    if (method === "DELETE") return [204, w.remove(id)];
    if (method === "GET" && verb === "export") return [200, w.one(id).draft, { "Content-Disposition": `attachment; filename="cadence.json"` }];
    if (method === "GET") return [200, w.one(id)];
    if (verb === "duplicate") return [201, w.add(w.one(id).draft)];
    return [200, w.act(id, verb ?? "")];
  }

  private bring(body: string): Schemas["ImportedCadences"] {
    const found = problems(body);
    if (found.length > 0) throw new Refused(400, "invalid", `The document has ${found.length} problems.`, found);
    const document = JSON.parse(body) as CadenceDocument;
    const cadence = this.world.add(document);
    return { items: [{ cadence, renamed_from: cadence.name === document.name ? null : document.name, missing: [] }] };
  }
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

async function bodyOf(req: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of req) text += chunk;
  return text;
}

function file(path: string, res: ServerResponse) {
  const name = extname(path) && existsSync(join(dist, path)) ? path : "index.html";
  const full = join(dist, name);
  const br = existsSync(`${full}.br`);
  res.writeHead(200, { "Content-Type": mimes[extname(name)] ?? "application/octet-stream", "Content-Security-Policy": policy, ...(br && { "Content-Encoding": "br" }) });
  res.end(readFileSync(br ? `${full}.br` : full));
}
