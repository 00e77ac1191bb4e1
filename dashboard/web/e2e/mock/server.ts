import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import { existsSync, readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { answer, errorBody } from "./routes";
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
      const door = url.pathname === "/v1/me"; // what fails is what lies behind it
      if (req.method === "GET" && this.scene.silent && !door) return;
      if (!door && req.method === "GET" && this.scene.failing) throw new Refused(this.scene.failing, "unavailable", "The ledger is being repaired. Try again in a minute.");
      if (url.pathname === "/v1/live") return this.stream(res);
      const [status, body, headers] = answer(this.world, req.method ?? "GET", url, await bodyOf(req));
      res.writeHead(status, { "Content-Type": "application/json", ...headers });
      res.end(body === undefined ? undefined : JSON.stringify(body, null, 2));
    } catch (e) {
      if (!(e instanceof Refused)) throw e;
      res.writeHead(e.status, { "Content-Type": "application/json" });
      res.end(JSON.stringify(errorBody(e)));
    }
  }

  private stream(res: ServerResponse) {
    res.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-cache" });
    this.streams.add(res);
    res.on("close", () => this.streams.delete(res));
    this.send(res);
  }
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
