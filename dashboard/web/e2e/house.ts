import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** One line of the carrier's own log. */
export interface Entry {
  t: string;
  ev: string;
  call?: string;
  parent?: string;
  to?: string;
}

/** A Tuesday, 11:00 in New York and 09:00 in Denver; thirty seconds pass in each. */
const START = "2026-03-03T16:00:00Z";
const SPEED = 30;
const account = "AC00000000000000000000000000000001";
const token = "00000000000000000000000000000001";

/** The product as it is deployed, in a directory of its own: `carillon serve` before `carillon carrier`, which calls nobody and keeps a log. */
export class House {
  base = "";
  /** The address at which the owner is created, as it stood on the console. */
  setup = "";
  private readonly dir = mkdtempSync(join(tmpdir(), "carillon-house-"));
  private readonly anchor = Date.now();
  private readonly clock = `${START}@${new Date(this.anchor).toISOString()}x${SPEED}`;
  private carrier?: ChildProcess;
  private server?: ChildProcess;

  constructor(private readonly binary: string) {}

  async open() {
    const listen = await freePort(), hooks = await freePort(listen + 1);
    this.carrier = this.start("carrier", "--listen", "127.0.0.1:0", "--account-sid", account, "--auth-token", token, "--log", this.log, "--clock", this.clock);
    const [carrier] = await said(this.carrier, /^listening (http\S+)$/m);
    writeFileSync(join(this.dir, "carillon.yaml"), `listen: 127.0.0.1:${listen}
hooks: { listen: "127.0.0.1:${hooks}" }
data_dir: ${join(this.dir, "data")}
twilio: { account_sid: ${account}, auth_token: "${token}", base_url: "${carrier}" }
caller_ids: [${Array.from({ length: 20 }, (_, i) => `"+1303555${String(100 + i).padStart(4, "0")}"`).join(", ")}]
pacing: { cps: 8, channels: 100, caller_id_cap: 2500 }
compliance: { scrub: when_imported, abandon: report, seller: Sample Seller }
storage: { min_free: 64MiB }
log: { level: warn }
`);
    [this.base = "", this.setup = ""] = await this.serve(/^listening (http\S+)$[^]*^nobody can sign in yet; create the owner at\n(http\S+)$/m);
  }

  /** Starts the server again where it was. */
  async again() {
    await this.serve(/^listening (http\S+)$/m);
  }

  private serve(until: RegExp) {
    this.server = this.start("serve", "--config", join(this.dir, "carillon.yaml"), "--clock", this.clock, "--clock-zone", "America/New_York");
    return said(this.server, until);
  }

  /** Ends the server without a word to it. */
  async kill() {
    await ended(this.server, "SIGKILL");
  }

  /** What the carrier's clock shows at an instant of this machine's (ms). */
  virtual = (real: number) => Date.parse(START) + (real - this.anchor) * SPEED;
  /** How long a real time is on the carrier's clock (ms). */
  lasts = (real: number) => real * SPEED;

  private get log() {
    return join(this.dir, "carrier.jsonl");
  }

  /** The calls that the carrier took, the oldest first: its own word, not the server's. */
  calls(): Entry[] {
    const lines = readFileSync(this.log, "utf8").split("\n").slice(0, -1); // what follows the last end of a line is not whole
    return lines.map((l) => JSON.parse(l) as Entry).filter((e) => e.ev === "accepted" && !e.parent);
  }

  async close() {
    await ended(this.server, "SIGTERM");
    await ended(this.carrier, "SIGTERM");
    rmSync(this.dir, { recursive: true, force: true });
  }

  private start(...args: string[]): ChildProcess {
    return spawn(this.binary, args, { stdio: ["ignore", "pipe", "inherit"] });
  }
}

/** Waits until a process has said something, and tells what stood in the groups. */
function said(p: ChildProcess, what: RegExp): Promise<(string | undefined)[]> {
  return new Promise((found, failed) => {
    let all = "";
    p.once("exit", (code) => failed(new Error(`${p.spawnargs.join(" ")} ended with ${code}: ${all}`)));
    p.stdout?.on("data", (chunk: Buffer) => {
      all += chunk.toString();
      const match = what.exec(all);
      if (match) found(match.slice(1));
    });
  });
}

async function ended(p: ChildProcess | undefined, signal: NodeJS.Signals) {
  if (!p || p.exitCode !== null || p.signalCode !== null) return;
  const gone = new Promise((done) => p.once("exit", done));
  p.kill(signal);
  await gone;
}

/** A port that nobody listens on, so that a server can come back to it: the first from `at` on, which lies below those that systems take for connections. */
function freePort(at = 10000 + Math.floor(Math.random() * 4000)): Promise<number> {
  return new Promise((found, failed) => {
    const s = createServer();
    s.once("error", (e: NodeJS.ErrnoException) => (e.code === "EADDRINUSE" ? found(freePort(at + 1)) : failed(e)));
    s.listen(at, "127.0.0.1", () => s.close(() => found(at)));
  });
}
