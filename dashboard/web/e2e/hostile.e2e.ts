import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, test, type ExpectStatic } from "vitest";
import { launch, open, visit } from "./browser";

// Text that would run if it were ever taken for anything but text, wherever people and programs can bring text in, and
// every screen that shows it. The page's policy is switched off, so that nothing but its own care keeps it safe.
const base = process.env.CARILLON_URL ?? "";
let browser: Browser;
/** What was made, by its kind. */
const ids = { cadence: "", template: "", lead: "", list: "", attempt: "", number: "", import: "" };

let made = false;

/** A text for a place, which stands behind the code: whoever sees it sees all of the text. */
const evil = (place: string) => `"'><img src=x onerror=hit(1)><svg onload=hit(1)></svg><script>hit(1)</script>${shown(place)}`;
const shown = (place: string) => `{{hit(1)}} ${place}`;
const quoted = (s: string) => `"${s.replaceAll('"', '""')}"`;

async function send<T>(method: string, path: string, body?: unknown, type = "application/json"): Promise<T> {
  const answer = await fetch(base + path, { method, headers: { "Content-Type": type }, body: body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return (text ? JSON.parse(text) : {}) as T;
}
/** Asks until there is an answer; `expect.poll` is no use outside a test. */
async function until<T>(ask: () => Promise<T | undefined>, what: string): Promise<T> {
  for (const end = Date.now() + 45_000; Date.now() < end; await new Promise((later) => setTimeout(later, 250))) {
    const answer = await ask();
    if (answer !== undefined) return answer;
  }
  throw new Error(`45 s have brought no ${what}`);
}
interface Items<T> { items: T[] }
interface Id { id: string }

const evilCadence = () => ({
  format: "carillon.cadence/v1", name: evil("cadence"), description: evil("description"), audience: { type: "manual" }, runs: { max: 1 }, connect: [{ to: "message", text: evil("message") }],
  steps: [{ key: "one", kind: "call", name: evil("step"), script: evil("script"), voicemail: { leave: true, text: evil("voicemail") } }],
});

beforeAll(async () => {
  if (!base) throw new Error("name a running server in CARILLON_URL");
  browser = await launch();
  ids.cadence = (await send<Items<{ cadence: Id }>>("POST", "/v1/cadences/import", evilCadence())).items[0]?.cadence.id ?? "";
  ids.template = (await send<Id>("POST", "/v1/templates", { name: evil("template"), vertical: evil("vertical"), cadence: ids.cadence })).id;
  const query = new URLSearchParams({ name: evil("list"), source: evil("source") });
  const row = [evil("lead"), "+12126000199", evil("id"), evil("owner"), evil("field")].map(quoted).join(",");
  const bad = [evil("reject"), "none", "y1", "", ""].map(quoted).join(",");
  const job = await send<{ import: Id & { list: string } }>("POST", `/v1/leads/import?${query}`, `name,phone,external_id,owner,note\n${row}\n${bad}\n`, "text/csv");
  ids.import = job.import.id;
  await until(async () => (await send<{ import: { state: string } }>("GET", `/v1/imports/${ids.import}`)).import.state === "done" || undefined, "end of the import");
  ids.list = (await send<Items<Id & { name: string }>>("GET", "/v1/lists")).items.find((l) => l.name.includes("img src"))?.id ?? "";
  ids.lead = (await send<Items<Id>>("GET", "/v1/leads?number=%2B12126000199")).items[0]?.id ?? "";
  await send("POST", `/v1/leads/${ids.lead}/consents`, { kind: "express_written", given_at: "2026-01-05", seller: evil("seller"), source: evil("consent"), proof: evil("proof"), by: evil("by") });
  await send("POST", "/v1/dnc", { number: "+12126000199", reason: evil("reason"), by: evil("by") });
  ids.attempt = await until(async () => (await send<Items<Id>>("GET", "/v1/attempts?state=ended&counts=answered&limit=1")).items[0]?.id, "answered call");
  await send("POST", `/v1/attempts/${ids.attempt}/disposition`, { code: "SALE", note: evil("note"), variables: { answer: evil("variable") } });
  ids.number = (await send<Items<{ number: string }>>("GET", "/v1/caller-ids")).items[0]?.number ?? "";
  const now = Date.parse((await send<{ as_of: string }>("GET", "/v1/overview")).as_of); // a demo's clock is its own
  await send("POST", `/v1/caller-ids/${encodeURIComponent(ids.number)}/rest`, { until: new Date(now + 24 * 3600_000).toISOString(), reason: evil("rest") });
  await send("POST", "/v1/staff-numbers", { number: "+12125550143", name: evil("staff") });
  await send("POST", "/v1/stop", { reason: evil("stop") });
  made = true;
});
afterAll(async () => {
  await browser.close();
  if (!made) return; // what came of it is told by the hook before
  await send("POST", "/v1/resume", {});
  await send("POST", `/v1/caller-ids/${encodeURIComponent(ids.number)}/unrest`, {});
  await send("DELETE", "/v1/staff-numbers/%2B12125550143");
  await send("DELETE", `/v1/templates/${ids.template}`);
  await send("DELETE", `/v1/cadences/${ids.cadence}`);
});

/** Whether a text is to be read on the page, be it in a field. */
const stands = (text: string) => document.body.innerText.includes(text) || [...document.querySelectorAll("input, textarea")].some((e) => (e as HTMLInputElement).value.includes(text));

/** Opens a path, waits for the texts of these places, and looks whether any became more than text. */
async function inert(expect: ExpectStatic, path: string, places: readonly string[], then?: (page: Page) => Promise<unknown>) {
  const { page } = await open(browser, "about:blank", { bypassCSP: true, reducedMotion: "reduce" });
  await page.addInitScript(() => Object.assign(window, { hits: 0, hit: () => (window as unknown as { hits: number }).hits++ }));
  page.on("dialog", (d) => expect.unreachable(`a dialog: ${d.message()}`));
  await visit(page, base + path);
  await page.locator("section[data-tone]").waitFor(); // the reason of the stop may take a second line, and moves what is below
  await then?.(page).catch(async (e: unknown) => expect.unreachable(`${e instanceof Error ? e.message : String(e)}\n${path} reads: ${await page.locator("body").innerText()}`));
  for (const place of places) await expect.poll(() => page.evaluate(stands, shown(place)), { message: `${place} on ${path}` }).toBe(true);
  const found = await page.evaluate(() => ({
    hits: (window as unknown as { hits: number }).hits,
    elements: [...document.querySelectorAll('img[src="x"], [onload], [onerror], script:not([src]), a[href^="javascript:"]')].filter((e) => e.outerHTML.includes("hit(")).map((e) => e.outerHTML),
  }));
  expect(found, path).toEqual({ hits: 0, elements: [] });
  await page.context().close();
}

describe("text that would run is text", () => {
  const list = encodeURIComponent(evil("searched"));
  const screens: [string, () => string, string[], ((page: Page) => Promise<unknown>)?][] = [
    ["the overview", () => "/?view=table", ["stop"]],
    ["cadences", () => "/cadences", ["cadence"]],
    ["a cadence", () => `/cadences/${ids.cadence}`, ["cadence", "description", "step"]],
    ["the editor", () => `/cadences/${ids.cadence}/edit`, ["cadence", "description"]],
    ["a step in the editor", () => `/cadences/${ids.cadence}/edit?at=one`, ["step", "script"]],
    ["the flow", () => `/cadences/${ids.cadence}/edit?at=flow`, ["cadence"]],
    ["an import of JSON", () => "/cadences", ["cadence"], async (page) => {
      await page.getByRole("button", { name: "Import", exact: true }).click();
      await page.getByLabel("Document").fill(JSON.stringify(evilCadence()));
      await page.getByRole("dialog").getByRole("button", { name: "Preview" }).click();
      await page.getByText(/published/).first().waitFor();
    }],
    ["an import of JSON with errors", () => "/cadences", [], async (page) => {
      await page.getByRole("button", { name: "Import", exact: true }).click();
      await page.getByLabel("Document").fill(JSON.stringify({ ...evilCadence(), [evil("unknown")]: evil("value"), steps: [{ key: evil("key"), kind: evil("kind") }] }));
      await page.getByRole("dialog").getByRole("button", { name: "Preview" }).click();
      await page.getByText("Nothing was stored").waitFor();
    }],
    ["templates", () => "/templates", ["template"]],
    ["leads", () => `/leads?list=${ids.list}`, ["lead"]],
    ["a search for leads", () => `/leads?q=${list}`, []],
    ["a lead", () => `/leads/${ids.lead}`, ["lead", "field"]],
    ["lists", () => "/lists", ["list"]],
    ["an import of leads", () => "/lists/import", ["file", "header", "column"], async (page) => {
      const file = [evil("header"), evil("column")].map(quoted).join(",") + "\n" + [evil("cell"), "+12126000198"].map(quoted).join(",") + "\n";
      await page.locator('input[type="file"]').setInputFiles({ name: `${evil("file").replaceAll("/", "")}.csv`, mimeType: "text/csv", buffer: Buffer.from(file) });
      await page.getByText("<scrip…").waitFor(); // of values only the beginning is shown
    }],
    ["attempts", () => "/attempts", []],
    ["an attempt", () => `/attempts/${ids.attempt}`, ["note"]],
    ["reports", () => `/reports?cadence=${ids.cadence}`, ["cadence"]],
    ["numbers", () => "/numbers", ["rest"]],
    ["the marks of a number", () => "/compliance/dnc?number=%2B12126000199", ["reason"]],
    ["rules", () => `/compliance?q=${list}`, []],
    ["a verdict", () => `/compliance/try?number=${list}`, []],
    ["the machine", () => "/ops", ["stop"]],
    ["the audit log", () => "/settings/audit", ["stop"]],
    ["a search in the audit log", () => `/settings/audit?who=${list}&what=${list}`, []],
    ["a page that is not there", () => `/${list}`, []],
  ];
  for (const [name, path, places, then] of screens) test.concurrent(`in ${name}`, ({ expect }) => inert(expect, path(), places, then));
});
