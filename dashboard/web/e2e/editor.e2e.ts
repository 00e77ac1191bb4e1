import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch, open, picture, sideways, violations } from "./browser";
import { desk, look, phone, still } from "./look";
import { idOf, saved, section, step } from "./story/building";

// The editor and the templates over a real server: what they show is what its engine says.
const base = process.env.CARILLON_URL ?? "";
let browser: Browser;
beforeAll(async () => {
  if (!base) throw new Error("name a running server in CARILLON_URL");
  browser = await launch();
});
afterAll(() => browser.close());

interface Detail {
  id: string;
  version: number;
  revision: number;
  draft: { name: string; connect?: unknown[]; steps: { key: string; delay_after?: string; caller_id?: { strategy: string }; voicemail?: { text: string } }[] };
  published: Detail["draft"] | null;
}

const read = async (path: string): Promise<unknown> => (await fetch(base + path)).json();
const detail = (id: string) => read(`/v1/cadences/${id}`) as Promise<Detail>;
const write = (method: string, path: string, body?: unknown) => fetch(base + path, { method, headers: { "Content-Type": "application/json" }, body: body === undefined ? undefined : JSON.stringify(body) });

/** A draft of its own, made through the API. */
async function draft(name: string, more: object = {}): Promise<string> {
  const doc = { format: "carillon.cadence/v1", name, audience: { type: "manual" }, runs: { max: 1 }, connect: [{ to: "number", number: "+13035550100" }],
    time_restrictions: { windows: [{ days: ["mon", "tue", "wed", "thu", "fri"], from: "09:00", to: "17:00" }] },
    steps: [{ key: "one", kind: "call", name: "First", delay_after: "4h", routes: [{ on: "BUSY", do: "retry", delay: "30m", max: 2 }] }, { key: "two", kind: "call", name: "Second" }], ...more };
  const made = (await (await write("POST", "/v1/cadences/import", doc)).json()) as { items: { cadence: { id: string } }[] };
  return made.items[0]?.cadence.id ?? "";
}

const remove = (id: string) => write("DELETE", `/v1/cadences/${id}`);

describe("the editor", () => {
  test("calls a verified number of our own with a step, and nobody else", async () => {
    const id = await draft("Rehearsed in the page");
    const { page, complaints } = await open(browser, `${base}/cadences/${id}/edit`, { bypassCSP: true });
    await step(page, "First");
    const panel = page.getByRole("region", { name: "Call me with this step" });
    const button = panel.getByRole("button", { name: "Call me with this step" });
    // Where it is day: the law's hours hold for rehearsals, too.
    const hour = new Date(((await read("/v1/overview")) as { as_of: string }).as_of).getUTCHours();
    const number = hour >= 13 && hour < 24 ? "+12125550142" : "+18085550142";
    await panel.getByRole("button", { name: "Staff numbers…" }).click();
    const box = page.getByRole("dialog", { name: "Staff numbers" });
    await box.getByLabel("Number").fill(number);
    await box.getByLabel("Who answers there").fill("Desk 4");
    await box.getByRole("button", { name: "Add" }).click();
    expect(await button.isDisabled()).toBe(true);
    await box.getByRole("button", { name: "Call with a code" }).click();
    const says = box.getByText(/the call says \d{6}/);
    await says.waitFor();
    await picture(page, "staff-code");
    expect(await violations(page)).toEqual([]);
    await box.getByLabel("Code the call speaks").fill("none");
    await box.getByRole("button", { name: "Verify" }).click();
    await box.getByText(/not the code/).waitFor();
    await box.getByLabel("Code the call speaks").fill(/\d{6}/.exec(await says.innerText())?.[0] ?? "");
    await box.getByRole("button", { name: "Verify" }).click();
    await box.getByText("Verified", { exact: true }).waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(async () => ((await read("/v1/staff-numbers")) as { items: { rehearsal: string | null }[] }).items[0]?.rehearsal).toBe(null);
    await button.click();
    await panel.getByText(/It was answered|Nobody answered/).waitFor();
    await picture(page, "rehearsed");
    expect(await violations(page)).toEqual([]);
    expect(await sideways(page)).toEqual([]);
    const [one] = ((await read("/v1/rehearsals?limit=1")) as { items: { to: string; step: string; version: number | null }[] }).items;
    expect(one).toMatchObject({ to: number, step: "one", version: null });
    expect(complaints.filter((c) => !c.includes("400"))).toEqual([]);
    await write("DELETE", `/v1/staff-numbers/${encodeURIComponent(number)}`);
    await remove(id);
  });

  test("publishes a change with what it changes, rolls it back, and keeps it as a template", async () => {
    const id = await draft("Changed twice");
    await write("POST", `/v1/cadences/${id}/publish`);
    const { page, complaints } = await open(browser, `${base}/cadences/${id}/edit`);
    await step(page, "First");
    await page.getByRole("tab", { name: /^Timing/ }).click();
    await page.getByLabel("Delay after this step", { exact: true }).fill("6");
    await saved(page);
    await page.getByRole("button", { name: "Publish…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("delay_after").waitFor();
    expect(await dialog.getByRole("list", { name: "Changes" }).innerText()).toContain("4h → 6h");
    await picture(page, "editor-publish", false);
    await dialog.getByRole("button", { name: "Publish", exact: true }).click();
    await expect.poll(async () => (await detail(id)).version).toBe(2);
    await dialog.waitFor({ state: "detached" });

    await page.getByRole("button", { name: "Versions" }).click();
    await dialog.getByRole("button", { name: "Look at 1" }).click();
    await dialog.getByText("6h").waitFor();
    await picture(page, "editor-versions", false);
    await dialog.getByRole("button", { name: "Roll back to 1" }).click();
    await expect.poll(async () => (await detail(id)).version).toBe(3);
    expect((await detail(id)).published?.steps[0]?.delay_after).toBe("4h");
    await expect.poll(() => page.getByLabel("Delay after this step", { exact: true }).inputValue()).toBe("4");

    await page.getByRole("button", { name: "Save as template" }).click();
    await dialog.getByLabel("Line of business").fill("Trade");
    await dialog.getByRole("button", { name: "Save template" }).click();
    await page.getByRole("link", { name: "Templates" }).click();
    const card = page.locator('[data-template="Changed twice"]');
    await card.getByRole("button", { name: "Actions for Changed twice" }).click();
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: "Export JSON" }).click()]);
    const text = await (await file.createReadStream()).setEncoding("utf8").toArray();
    expect((JSON.parse(text.join("")) as Detail["draft"]).steps.length).toBe(2);
    await expect.poll(() => page.getByRole("menuitem").count()).toBe(0);
    await card.getByRole("button", { name: "Actions for Changed twice" }).click();
    await page.getByRole("menuitem", { name: "Rename…" }).click();
    await dialog.getByLabel("Name", { exact: false }).first().fill("Our two calls");
    await dialog.getByRole("button", { name: "Rename" }).click();
    const renamed = page.locator('[data-template="Our two calls"]');
    await renamed.getByRole("button", { name: "Look inside Our two calls" }).click();
    await dialog.getByRole("heading", { name: "Steps" }).waitFor();
    await dialog.getByRole("button", { name: "Begin a cadence with it" }).click();
    await page.waitForURL((u) => u.pathname.endsWith("/edit") && !u.pathname.includes(id));
    const second = idOf(page);
    expect((await detail(second)).draft.name).toBe("Our two calls");
    await page.getByRole("link", { name: "Templates" }).click();
    await expect.poll(() => page.getByRole("menuitem").count()).toBe(0);
    await renamed.getByRole("button", { name: "Actions for Our two calls" }).click();
    await page.getByRole("menuitem", { name: "Delete…" }).click();
    await dialog.getByLabel("Type Our two calls to confirm").fill("our two calls");
    await dialog.getByRole("button", { name: "Delete template" }).click();
    await expect.poll(() => renamed.count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.context().close();
    await remove(second);
    await remove(id);
  });

  test("keeps what is chosen among many steps in sight, and fields in line", async () => {
    const steps = Array.from({ length: 24 }, (_, i) => ({ key: `call-${i + 1}`, kind: "call", name: `Call ${i + 1}`, delay_after: "24h" }));
    const id = await draft("Of many steps", { steps });
    const { page } = await open(browser, `${base}/cadences/${id}/edit?at=call-24`);
    const seen = (name: string) => page.getByRole("list", { name: "Steps" }).getByRole("button", { name, exact: false }).first().evaluate((b) => {
      const { top, bottom } = b.getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight && b.contains(document.elementFromPoint(b.getBoundingClientRect().left + 4, (top + bottom) / 2));
    });
    await page.getByRole("heading", { name: "Step 24: Call 24" }).waitFor();
    await expect.poll(() => seen("24. Call 24")).toBe(true);
    await step(page, "Call 20");
    const part = page.getByRole("heading", { name: "Step 20: Call 20" });
    await part.waitFor();
    expect(await part.evaluate((h) => h.getBoundingClientRect().top)).toBeGreaterThan(0);
    expect(await seen("20. Call 20")).toBe(true);
    await picture(page, "editor-crowded");
    await section(page, "Details");
    const top = async (label: string) => (await page.getByLabel(label).boundingBox())?.y;
    expect(await top("Whoever answers hears")).toBe(await top("The calls are for")); // of which one has a hint
    await page.context().close();
    await remove(id);
  });

  test("shows an error at its field, goes there from the checks, and stores nothing unreadable", async () => {
    const id = await draft("With an error");
    const { page } = await open(browser, `${base}/cadences/${id}/edit?at=hours`);
    await page.getByLabel("From").fill("25:00");
    await expect.poll(() => page.getByTestId("saving").innerText(), { timeout: 10_000 }).toMatch(/Saved|Not saved/);
    const check = page.getByRole("button", { name: /^Error in Time restrictions/ }).first();
    await check.waitFor();
    await section(page, "Details");
    await check.click();
    await expect.poll(() => page.evaluate(() => document.activeElement?.closest("[data-path]")?.getAttribute("data-path") ?? "")).toMatch(/^time_restrictions/);
    expect(await page.getByRole("button", { name: "Publish…" }).isDisabled()).toBe(true);
    await picture(page, "editor-error");
    await page.context().close();
    await remove(id);
  });

  test("never puts a draft over somebody else's", async () => {
    const id = await draft("For two");
    const { page } = await open(browser, `${base}/cadences/${id}/edit`);
    const description = page.getByLabel("Description");
    await description.waitFor();
    const d = await detail(id);
    await write("PUT", `/v1/cadences/${id}`, { ...d.draft, description: "theirs" });
    await description.fill("mine");
    await page.getByText("Somebody else has changed this draft").waitFor();
    expect(((await detail(id)).draft as { description?: string }).description).toBe("theirs");
    await picture(page, "editor-conflict");
    await page.getByRole("button", { name: "Keep mine, over theirs" }).click();
    await saved(page);
    expect(((await detail(id)).draft as { description?: string }).description).toBe("mine");
    await page.context().close();
    await remove(id);
  });

  test("records a voicemail from the microphone as WAV", async () => {
    const talking = await launch(["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]);
    const id = await draft("Spoken", { steps: [{ key: "one", kind: "call", name: "First", voicemail: { leave: true } }] });
    const { page, complaints } = await open(talking, `${base}/cadences/${id}/edit?at=one`, { permissions: ["microphone"] });
    await page.getByRole("button", { name: "Record" }).click();
    await page.getByRole("button", { name: /Stop and keep \(2 s\)/ }).click();
    await page.locator("audio").waitFor();
    await saved(page);
    const media = (await read("/v1/media")) as { items: { content_type: string; sample_rate: number; seconds: number; id: string }[] };
    const one = media.items.find((m) => JSON.stringify(media).includes(m.id));
    expect(one).toMatchObject({ content_type: "audio/wav", sample_rate: 16_000 });
    expect(one?.seconds).toBeGreaterThan(1);
    expect(complaints).toEqual([]);
    await talking.close();
    await remove(id);
    if (one) await write("DELETE", `/v1/media/${one.id}`);
  });
});

describe("for everybody", () => {
  let drawn = 0;
  for (const at of [phone, desk]) {
    const { width } = at.viewport;
    const looking = async (path: string) => {
      const { page } = await open(browser, base + path, { ...still, ...at });
      return { page, look: (name: string) => look(page, name) };
    };
    const sample = () => draft(`Looked at ${width} ${drawn++}`, { exit_when: [{ signal: "meeting_booked" }], runs: { max: 2, gap: "1w" } });

    test.concurrent(`has no violation around the steps at ${width} px`, { timeout: 180_000 }, async () => {
      const id = await sample();
      const { page, look } = await looking(`/cadences/${id}/edit`);
      await page.getByTestId("preview-calls").waitFor();
      await look("editor-details");
      for (const [name, shot] of [["Time restrictions", "hours"], ["Answered calls", "answer"], ["Runs and transitions", "runs"], ["Routes of every step", "routes"]] as const) {
        await section(page, name);
        await look(`editor-${shot}`);
      }
      await section(page, "Flow");
      await page.locator(".react-flow__node").first().waitFor();
      await look("editor-flow");
      await page.context().close();
      await remove(id);
    });

    test.concurrent(`has no violation in a step at ${width} px`, { timeout: 180_000 }, async () => {
      const id = await sample();
      const { page, look } = await looking(`/cadences/${id}/edit?at=one`);
      for (const tab of ["Basic", "Timing", "Disposition routing", "Advanced"]) {
        await page.getByRole("tab", { name: new RegExp(`^${tab}`) }).click();
        await page.evaluate(() => scrollTo(0, 0)); // or the strip that stays on top covers a part of what is beneath it
        await look(`editor-step-${tab.split(" ")[0]?.toLowerCase()}`);
      }
      await page.getByRole("button", { name: "Publish…" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Publish", exact: true }).waitFor();
      await look("editor-first-publish");
      await page.context().close();
      await remove(id);
    });

    test.concurrent(`has no violation in the templates at ${width} px`, { timeout: 180_000 }, async () => {
      const { page, look } = await looking("/templates");
      await page.locator("[data-template]").first().waitFor();
      await look("templates");
      await page.getByRole("button", { name: "Look inside Speed to lead" }).click();
      await page.getByRole("dialog").getByRole("heading", { name: "Steps" }).waitFor();
      await look("template");
      await page.context().close();
    });
  }
});
