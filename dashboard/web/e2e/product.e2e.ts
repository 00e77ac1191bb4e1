import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { figure, launch, open, picture, sideways, visit } from "./browser";

// These hold for any server that dials: the one at CARILLON_URL.
const base = process.env.CARILLON_URL ?? "";
let browser: Browser;

beforeAll(async () => {
  if (!base) throw new Error("name a running server in CARILLON_URL");
  browser = await launch();
});
afterAll(() => browser.close());

/** An active cadence's name, taken from the API. */
async function activeCadence(): Promise<string> {
  const answer = (await (await fetch(`${base}/v1/cadences?status=active`)).json()) as { items: { name: string }[] };
  const name = answer.items[0]?.name;
  if (!name) throw new Error("the server has no active cadence to test with");
  return name;
}

const statusOf = async (name: string): Promise<string | undefined> => {
  const answer = (await (await fetch(`${base}/v1/cadences?limit=1000`)).json()) as { items: { name: string; status: string }[] };
  return answer.items.find((c) => c.name === name)?.status;
};

const row = (page: Page, name: string) => page.locator("[data-cadence]").filter({ has: page.getByRole("link", { name, exact: true }) });

describe("overview", () => {
  test("moves live without a reload, and holds still when asked", async () => {
    const { page, complaints } = await open(browser, base);
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    await page.getByRole("button", { name: /^Live\./ }).waitFor();
    const attempts = () => page.locator('section[aria-label="Key figures"]').innerText();
    const before = await attempts();
    await expect.poll(attempts, { timeout: 20_000 }).not.toBe(before);
    await page.getByRole("button", { name: /Hold figures still/ }).click();
    await page.waitForTimeout(500); // what was asked for just before may still come
    const held = await attempts();
    await page.waitForTimeout(2500);
    expect(await attempts()).toBe(held);
    await page.getByRole("button", { name: /Let figures move/ }).click();
    await expect.poll(attempts, { timeout: 20_000 }).not.toBe(held);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("names the demo with its virtual time, zone and speed", async () => {
    const overview = (await (await fetch(`${base}/v1/overview`)).json()) as { demo: boolean };
    const { page } = await open(browser, base);
    await page.getByText(/^(Dialing|Not dialing.*)$/).waitFor();
    const clock = page.getByTestId("virtual-clock");
    expect(await clock.count()).toBe(overview.demo ? 1 : 0);
    if (overview.demo) expect(await clock.innerText()).toMatch(/\w{3}, \w{3} \d+, \d{4}, \d\d:\d\d \S+ · [\d.]+× real time/);
    await page.context().close();
  });

  test("shows rates that agree with the server's", async () => {
    const { page } = await open(browser, base);
    await page.getByRole("button", { name: /^Live\./ }).waitFor();
    const told = async () => (await (await fetch(`${base}/v1/overview?last=7d`)).json()) as { contact_rate: number; total_cadences: number };
    // The demo dials on between the two readings, and the page reads once a second.
    await expect.poll(async () => Math.abs((await figure(page, "Contact rate")) - (await told()).contact_rate * 100)).toBeLessThan(1);
    expect(await figure(page, "Total cadences")).toBe((await told()).total_cadences);
    await page.context().close();
  });

  test("opens a type to its cadences, keeps it in the address, and has a table", async () => {
    const name = await activeCadence();
    const { page } = await open(browser, base);
    const chart = page.getByRole("region", { name: "Performance by type" });
    await chart.getByRole("button", { expanded: false }).first().click();
    expect(page.url()).toContain("open=");
    await chart.getByRole("button", { expanded: true }).waitFor();
    expect(await chart.getByRole("link").count()).toBeGreaterThan(0);
    await page.reload();
    await chart.getByRole("button", { expanded: true }).waitFor();
    await picture(page, "overview-open");
    await chart.getByText("Table", { exact: true }).click();
    await chart.getByRole("link", { name, exact: true }).click();
    await page.getByRole("heading", { name, level: 1 }).waitFor();
    await page.goBack();
    await chart.getByRole("table").waitFor();
    await page.context().close();
  });
});

describe("cadences", () => {
  test("switches a cadence off and on", async () => {
    const name = await activeCadence();
    const { page, complaints } = await open(browser, `${base}/cadences`);
    const toggle = row(page, name).getByRole("switch");
    await toggle.click({ force: true });
    await expect.poll(() => statusOf(name)).toBe("inactive");
    await expect.poll(() => row(page, name).innerText()).toContain("Inactive");
    await expect.poll(() => toggle.getAttribute("aria-busy")).toBeNull(); // until then it takes no second click
    await toggle.click({ force: true });
    await expect.poll(() => statusOf(name)).toBe("active");
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("filters through the address and searches with a key", async () => {
    const name = await activeCadence();
    const { page } = await open(browser, `${base}/cadences?status=archived&q=nothing-is-called-so`);
    await page.getByRole("heading", { name: "No cadence matches" }).waitFor();
    await page.getByRole("button", { name: "Clear the filters" }).click();
    await row(page, name).waitFor();
    await page.keyboard.press("f");
    await page.keyboard.type(name);
    await expect.poll(() => page.url()).toContain("q=");
    await row(page, name).waitFor();
    await page.context().close();
  });

  test("reports a bad file with lines, imports a good one, copies, exports and deletes it", async () => {
    const { page } = await open(browser, `${base}/cadences`);
    await page.getByRole("button", { name: "Import", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Use the five-step example" }).click();
    const text = dialog.getByLabel("Document");
    const example = await text.inputValue();
    const own = example.replace(/"name": "Five[^"]*"/, `"name": "Browser test"`);
    await text.fill(own.replace('"4h"', '"4 hours"').replace('"steps": [', '"stepz": ['));
    await dialog.getByRole("button", { name: "Import as draft" }).click();
    await dialog.getByText("Nothing was stored").waitFor();
    expect(await dialog.getByRole("button", { name: /^line \d+$/ }).count()).toBeGreaterThan(0);
    await picture(page, "import-errors", false);
    await text.fill(own);
    await dialog.getByRole("button", { name: "Import as draft" }).click();
    await dialog.getByRole("button", { name: "Done" }).click();
    const mine = page.locator("[data-cadence^='Browser test']");
    await mine.first().waitFor();
    const link = mine.first().getByRole("link");
    const id = (await link.getAttribute("href"))?.split("/").at(-1) ?? "";
    const exported = (await (await fetch(`${base}/v1/cadences/${id}/export`)).json()) as { steps: unknown[] };
    expect(exported.steps.length).toBe(5);
    await mine.first().getByRole("button", { name: /^Actions for/ }).click();
    await page.getByRole("menuitem", { name: "Duplicate" }).click();
    await expect.poll(() => mine.count()).toBe(2);
    const menus = page.getByRole("menuitem");
    for (let left = 2; left > 0; left--) {
      await expect.poll(() => menus.count()).toBe(0);
      await mine.first().getByRole("button", { name: /^Actions for/ }).click();
      await page.getByRole("menuitem", { name: "Delete…" }).click();
      await page.getByLabel(/^Type .* to confirm$/).fill((await mine.first().getAttribute("data-cadence")) ?? "");
      await page.getByRole("dialog").getByRole("button", { name: "Delete cadence" }).click();
      await expect.poll(() => mine.count()).toBe(left - 1);
    }
    await page.context().close();
  });

  test("shows a cadence's steps, timing and routes", async () => {
    const name = await activeCadence();
    const { page } = await open(browser, `${base}/cadences`);
    await row(page, name).getByRole("link").click();
    await page.getByRole("heading", { name: "Steps" }).waitFor();
    await page.getByRole("heading", { name: "Timing and rules" }).waitFor();
    expect(await page.getByRole("table").locator("tbody tr").count()).toBeGreaterThan(0);
    await page.context().close();
  });
});

describe("calls and leads", () => {
  test("finds a lead by what it is known by, with a key", async () => {
    const { page, complaints } = await open(browser, `${base}/leads`);
    const rows = page.locator("[data-lead]");
    await rows.first().waitFor({ timeout: 60_000 });
    const name = await rows.nth(3).locator("bdi").first().innerText();
    await page.keyboard.press("f");
    await page.keyboard.type(name);
    await expect.poll(() => rows.count(), { timeout: 20_000 }).toBe(1);
    expect(await rows.first().innerText()).toContain(name);
    await picture(page, "product-leads");
    await page.getByLabel("Search").fill("");
    await page.getByLabel("Order").selectOption("-name");
    const names = () => rows.locator(".open-link").allInnerTexts();
    await expect.poll(async () => (await names()).length > 3 && (await names()).slice(0, 4).join() === (await names()).slice(0, 4).sort((a, b) => (a < b ? 1 : -1)).join(), { timeout: 20_000 }).toBe(true);
    await page.getByRole("button", { name: "Saved views" }).click();
    await page.getByRole("menuitem", { name: "Save what is shown as a view…" }).click();
    await page.getByRole("dialog").getByLabel(/^Name/).fill("Backwards");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "View: Backwards" }).waitFor();
    await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
    expect(((await (await fetch(`${base}/v1/views?page=leads`)).json()) as { items: { name: string; search: object }[] }).items).toMatchObject([{ name: "Backwards", search: { sort: "-name" } }]);
    await page.keyboard.press("Control+k");
    const palette = page.getByRole("dialog", { name: "Command palette" });
    await palette.getByRole("combobox").fill(name);
    await palette.getByRole("option", { name }).first().waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name, level: 1 }).waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

describe("for everybody", () => {
  test("keeps the chosen colours over a reload, without a flash", async () => {
    const { page } = await open(browser, base, { colorScheme: "light" });
    await page.getByRole("button", { name: "Use dark colours" }).click();
    await page.reload({ waitUntil: "commit" });
    await page.waitForFunction(() => document.body !== null);
    expect(await page.evaluate(() => document.documentElement.getAttribute("data-mantine-color-scheme"))).toBe("dark");
    await page.getByRole("button", { name: "Use light colours" }).waitFor();
    await page.context().close();
  });

  for (const width of [768, 1920]) {
    test(`never scrolls sideways at ${width} px`, async () => {
      const name = await activeCadence();
      const { page } = await open(browser, base, { viewport: { width, height: 844 } });
      await page.getByRole("button", { name: /^Live\./ }).waitFor();
      expect(await sideways(page)).toEqual([]);
      const nav = page.getByRole("navigation", { name: "Main" });
      expect(await nav.evaluate((n) => n.scrollWidth - n.clientWidth), "every screen is named").toBeLessThanOrEqual(0);
      const ends = await page.locator(".whole").evaluateAll((all) => all.map((e) => [e.textContent, e.getBoundingClientRect().height]));
      expect(ends.length).toBeGreaterThan(5);
      expect(ends.filter(([, h]) => Number(h) > 30), "a definition is beside its last word").toEqual([]);
      await picture(page, `overview-${width}`);
      await page.getByRole("link", { name: "Cadences", exact: true }).click();
      await row(page, name).waitFor();
      expect(await sideways(page)).toEqual([]);
      await picture(page, `cadences-${width}`);
      await row(page, name).getByRole("link").click();
      await page.getByRole("heading", { name: "Steps" }).waitFor();
      expect(await sideways(page)).toEqual([]);
      await picture(page, `cadence-${width}`);
      await page.context().close();
    });
  }

  test("works by keyboard alone", async () => {
    const { page } = await open(browser, base);
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to content");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("main");
    await press(page, "Tab", () => document.activeElement?.getAttribute("aria-expanded") === "false");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { expanded: true }).waitFor();
    await visit(page, `${base}/cadences`);
    await page.locator("[data-cadence]").first().waitFor();
    await press(page, "Tab", () => document.activeElement?.closest("[data-cadence]") !== null);
    await press(page, "Tab", () => document.activeElement?.getAttribute("aria-haspopup") === "menu");
    await page.keyboard.press("Enter");
    await page.getByRole("menuitem").first().waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => page.getByRole("menuitem").count()).toBe(0);
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("aria-haspopup"))).toBe("menu");
    await page.context().close();
  });

  test("costs at most 300 KB at first sight", async () => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    let bytes = 0;
    session.on("Network.loadingFinished", (e) => (bytes += e.encodedDataLength));
    await visit(page, base);
    await page.getByRole("button", { name: /^Live\./ }).waitFor();
    await page.waitForTimeout(500);
    console.log(`first view: ${Math.round(bytes / 1024)} KB over the wire`);
    expect(bytes).toBeGreaterThan(50 * 1024);
    expect(bytes).toBeLessThan(300 * 1024);
    await context.close();
  });
});

/** Presses a key until the page says that it arrived, at most sixty times. */
async function press(page: Page, key: string, arrived: () => boolean) {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press(key);
    if (await page.evaluate(arrived)) return;
  }
  throw new Error(`60 times ${key} did not arrive`);
}
