import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, CDPSession, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch } from "./browser";

// What the page costs, in figures: run when asked for by `make page-cost`, never by `make test`. Bytes and the CPU time of
// the page's own thread are budgets and held to: neither is another when the machine is busy, but both are of one browser
// and one demo, which is no matter of correctness. Wall times are only told.
const binary = process.env.CARILLON_BIN;
if (!binary) throw new Error("name the program in CARILLON_BIN");
const RUNS = 5;
/** What the first view may weigh (KB), and the script that live figures may take (ms of CPU in 10 s). */
const WEIGHT = 285;
const SCRIPT = 60;
let browser: Browser;
let server: ChildProcess;
let base = "";
const dir = mkdtempSync(join(tmpdir(), "carillon-measure-"));

beforeAll(async () => {
  browser = await launch();
  server = spawn(binary, ["demo", "--listen", "127.0.0.1:0", "--data", dir, "--leads", "2000", "--speed", "20"], { stdio: ["ignore", "pipe", "inherit"] });
  base = await new Promise((found) => {
    let said = "";
    server.stdout?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      const at = /^listening (http\S+)$/m.exec(said)?.[1];
      if (at) found(at);
    });
  });
});
afterAll(async () => {
  await browser.close();
  const gone = new Promise((done) => server.once("exit", done));
  server.kill("SIGTERM");
  await gone;
  rmSync(dir, { recursive: true, force: true });
});

/** A page of a browser that has never been here. */
async function fresh(): Promise<[Page, CDPSession]> {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  return [page, await page.context().newCDPSession(page)];
}
const middle = (all: number[]) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;
/** The bytes that came over the wire by what they were of, the stream that never ends among them. */
function weigh(session: CDPSession): () => { of: string; bytes: number }[] {
  const names = new Map<string, string>(), bytes = new Map<string, number>();
  session.on("Network.responseReceived", (e) => names.set(e.requestId, new URL(e.response.url).pathname + new URL(e.response.url).search));
  session.on("Network.dataReceived", (e) => bytes.set(e.requestId, (bytes.get(e.requestId) ?? 0) + e.encodedDataLength));
  session.on("Network.loadingFinished", (e) => bytes.set(e.requestId, e.encodedDataLength));
  return () => [...bytes].map(([id, n]) => ({ of: names.get(id) ?? "", bytes: n })).sort((a, b) => b.bytes - a.bytes);
}
const tell = (what: string, all: number[], unit: string) => console.log(`${what}: ${Math.round(middle(all))} ${unit} (${all.map(Math.round).join(", ")})`);

test("the first view and the drawn list", { timeout: 120_000 }, async () => {
  const bytes: number[] = [], painted: number[] = [], figures: number[] = [], listed: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    for (const [path, ready, took] of [["/", '[data-figure="Contact rate"]', figures], ["/cadences", "[data-cadence]", listed]] as const) {
      const [page, session] = await fresh();
      await session.send("Network.enable");
      const weights = weigh(session);
      await page.goto(base + path, { waitUntil: "commit" });
      await page.locator(ready).first().waitFor();
      took.push(await page.evaluate(() => performance.now()));
      if (path === "/") {
        painted.push(await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0));
        await page.getByRole("button", { name: /^Live\./ }).waitFor();
        await page.waitForTimeout(1000); // what comes behind counts too
        const all = weights();
        bytes.push(all.reduce((sum, w) => sum + w.bytes, 0) / 1024);
        if (i === 0) console.log(all.map((w) => `${(w.bytes / 1024).toFixed(1)} KB ${w.of}`).join("\n"));
      }
      await page.context().close();
    }
  }
  tell("first view, over the wire", bytes, `KB of ${WEIGHT}`);
  tell("first view, first paint", painted, "ms");
  tell("first view, figures drawn", figures, "ms");
  tell("list of cadences drawn", listed, "ms of 1,000");
  expect(Math.max(...bytes)).toBeLessThan(WEIGHT);
});

test("the live cost", { timeout: 180_000 }, async () => {
  const over: string[] = [];
  for (const path of ["/", "/cadences", "/ops"]) {
    const script: number[] = [], whole: number[] = [];
    const [page, session] = await fresh();
    await session.send("Performance.enable", { timeDomain: "threadTicks" }); // CPU time of the page's main thread
    const read = async (name: string) => (await session.send("Performance.getMetrics")).metrics.find((m) => m.name === name)?.value ?? 0;
    await page.goto(base + path);
    await page.getByRole("button", { name: /^Live\./ }).waitFor();
    await page.waitForTimeout(3000); // what the first view leaves to be done
    for (let i = 0; i < 3; i++) {
      const before = [await read("ScriptDuration"), await read("TaskDuration")] as const;
      await page.waitForTimeout(10_000);
      script.push(((await read("ScriptDuration")) - before[0]) * 1000);
      whole.push(((await read("TaskDuration")) - before[1]) * 1000);
    }
    tell(`live at 1 Hz on ${path}, script in 10 s`, script, `ms of CPU, of ${SCRIPT}`);
    tell(`live at 1 Hz on ${path}, script, layout and paint in 10 s`, whole, "ms of CPU");
    if (middle(script) > SCRIPT) over.push(path);
    await page.context().close();
  }
  expect(over, "script beyond its budget").toEqual([]);
});
