import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { launch, open, picture, visit } from "./browser";
import { House } from "./house";
import { lookBoth, still } from "./look";
import { everyScreen } from "./screens";
import { build, publish } from "./story/building";
import { leadFile, throughTheWizard } from "./story/importing";
import { whoMayWhat } from "./story/people";

// The first day with Carillon, from the first start to the kill switch, at the real server before the simulated carrier.
// Each chapter goes on where the one before it ended.
const binary = process.env.CARILLON_BIN;
if (!binary) throw new Error("name the program in CARILLON_BIN");
const house = new House(binary);
const owner = { name: "Owner 1", email: "owner@example.test", password: "three blind mice run" };
let browser: Browser;
let page: Page;
let complaints: string[];
/** What the chapters have made. */
const made = { cadence: "", clone: "", lead: "", attempt: "", list: "" };

/** Asks as the one who is signed in. */
const ask = async <T>(path: string): Promise<T> => (await page.request.get(house.base + path)).json() as Promise<T>;

beforeAll(async () => {
  browser = await launch();
  await house.open();
});
afterAll(async () => {
  await browser.close();
  await house.close();
});
/** A chapter that fails leaves nothing to go on from. */
let torn = false;
beforeEach((c) => c.skip(torn));

describe("the first day", () => {
  afterEach((c) => {
    torn ||= c.task.result?.state === "fail";
  });
  test("nobody can sign in, and the console's token makes the owner", async () => {
    ({ page, complaints } = await open(browser, `${house.base}/cadences`, still));
    await page.getByRole("heading", { name: "Nobody can sign in yet" }).waitFor();
    await lookBoth(page, "nobody");
    await visit(page, house.setup);
    await page.getByRole("heading", { name: "Create the owner" }).waitFor();
    expect(page.url()).not.toContain("token"); // it is out of the address, and of the history
    await lookBoth(page, "setup");
    await page.getByLabel("Name").fill(owner.name);
    await page.getByLabel("E-mail").fill(owner.email);
    await page.getByLabel("Password", { exact: false }).first().fill(owner.password);
    await page.getByRole("button", { name: "Create the owner" }).click();
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    await page.getByText("No cadence yet").waitFor();
    complaints.length = 0; // the browser's own word on a 401 is the only one so far
    // The link on the console was for once.
    const late = await open(browser, house.setup, still);
    await late.page.getByRole("heading", { name: "There is an owner already" }).waitFor();
    expect(late.page.url()).not.toContain("token");
    await lookBoth(late.page, "setup-late");
    await late.page.getByRole("link", { name: "Sign in" }).click();
    await late.page.getByRole("heading", { name: "Sign in" }).waitFor();
    await late.page.context().close();
  });

  test("5,000 leads go through the wizard", async () => {
    made.list = await throughTheWizard(page, house.base, leadFile(5000));
  });

  test("a cadence of five steps is built by hand and published", { timeout: 120_000 }, async () => {
    made.cadence = await build(page, house.base, ask);
    await publish(page, ask, made.cadence);
  });

  test("its leads are enrolled, and it dials", async () => {
    await visit(page, `${house.base}/cadences`);
    await page.getByRole("switch", { name: "Built by hand: active" }).click({ force: true });
    await expect.poll(async () => (await ask<{ status: string }>(`/v1/cadences/${made.cadence}`)).status).toBe("active");
    await visit(page, `${house.base}/leads?list=${made.list}`);
    await page.getByLabel("Choose every lead shown").check();
    await page.getByRole("button", { name: "Enroll…", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Cadence").selectOption({ label: "Built by hand" });
    await dialog.getByRole("button", { name: /^Enroll \d+ leads$/ }).click();
    await dialog.waitFor({ state: "detached" });
    await visit(page, house.base);
    await page.getByText("Dialing", { exact: true }).waitFor();
    await expect.poll(() => house.calls().length).toBeGreaterThan(20);
    // The other leads come by the API, as a program would bring them.
    const rest = await page.request.post(`${house.base}/v1/enrollments`, { data: { cadence: made.cadence, list: made.list } });
    expect(await rest.json()).toMatchObject({ enrolled: 4998 - 200 });
    const figures = page.locator('section[aria-label="Key figures"]');
    const before = await figures.innerText();
    await expect.poll(() => figures.innerText()).not.toBe(before);
  });

  test("a call tells why it was allowed, and its lead what comes next", async () => {
    await visit(page, `${house.base}/attempts?state=ended`);
    const row = page.locator("[data-attempt]").first();
    await row.waitFor();
    const lead = await row.locator("bdi").first().innerText();
    await row.getByRole("link").first().click();
    await page.getByRole("heading", { name: `Call of ${lead}` }).waitFor();
    await page.getByText("The call was allowed and made durable").waitFor();
    expect(await page.getByRole("region", { name: "Rules that were looked at" }).locator("tbody tr").count()).toBeGreaterThan(5);
    made.attempt = new URL(page.url()).pathname;
    await page.getByRole("link", { name: lead, exact: true }).click();
    await page.getByRole("heading", { name: lead, level: 1 }).waitFor();
    await page.getByText(/^(Yes: nothing stands in the way|Not yet|No)$/).first().waitFor();
    expect(await page.locator("[data-stay]").count()).toBeGreaterThan(0);
    made.lead = new URL(page.url()).pathname;
  });

  test("its JSON comes back as a clone", async () => {
    await visit(page, `${house.base}/cadences`);
    const row = page.locator('[data-cadence="Built by hand"]');
    await row.getByRole("button", { name: /^Actions for/ }).click();
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: "Export JSON" }).click()]);
    const text = (await (await file.createReadStream()).setEncoding("utf8").toArray()).join("");
    await page.getByRole("button", { name: "Import", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Document").fill(text);
    await dialog.getByRole("button", { name: "Preview" }).click();
    await dialog.getByText(/it can be published as it is/).waitFor();
    await dialog.getByRole("button", { name: "Import as draft" }).click();
    await dialog.getByRole("button", { name: "Done" }).click();
    const clone = page.locator('[data-cadence="Built by hand (2)"]').getByRole("link");
    made.clone = (await clone.getAttribute("href"))?.split("/").at(-1) ?? "";
    interface Exported { name: string }
    const [one, two] = [JSON.parse(text) as Exported, await ask<Exported>(`/v1/cadences/${made.clone}/export`)];
    expect(two).toEqual({ ...one, name: "Built by hand (2)" });
  });

  test("the report counts what the carrier has seen", async () => {
    await visit(page, `${house.base}/reports?cadence=${made.cadence}`);
    await page.getByRole("heading", { name: "Funnel by step and run" }).waitFor();
    await page.getByRole("heading", { name: "Contact rate by hour and weekday" }).waitFor();
    const report = await ask<{ attempts: number }>(`/v1/reports/calls?cadence=${made.cadence}`);
    expect(report.attempts).toBeGreaterThan(20);
    expect(report.attempts).toBeLessThanOrEqual(house.calls().length);
    expect(complaints).toEqual([]);
  });
});

describe("every screen", () => {
  everyScreen(() => ({ browser, base: house.base, page, made }));
});

describe("who may what", () => {
  whoMayWhat(() => ({ browser, base: house.base, owner: page }));
});

describe("the kill switch", () => {
  test("ends dialing within a second by the carrier's log, and holds over a restart", { timeout: 120_000 }, async () => {
    await visit(page, `${house.base}/cadences`);
    const before = house.calls().length;
    await expect.poll(() => house.calls().length).toBeGreaterThan(before); // it dials
    await page.getByRole("button", { name: "Stop all calls…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Stop dialing now" }).waitFor();
    await lookBoth(page, "stop");
    await dialog.getByLabel("Reason").fill("the end of the story");
    const confirmed = Date.now();
    const [answer] = await Promise.all([page.waitForResponse((r) => r.url().endsWith("/v1/stop")), page.keyboard.press("Enter")]);
    expect(((await answer.json()) as { stopped: boolean }).stopped).toBe(true);
    const stopped = page.getByText(/^Not dialing: stopped by Owner 1: the end of the story, since /);
    await stopped.waitFor();
    await picture(page, "stopped", false);

    await house.kill();
    await house.again();
    await page.reload();
    await stopped.waitFor();
    const last = () => Date.parse(house.calls().at(-1)?.t ?? "");
    expect(last() - house.virtual(confirmed)).toBeLessThan(house.lasts(1000));
    const calls = house.calls().length;
    await visit(page, `${house.base}/ops`);
    await page.getByRole("button", { name: "Resume dialing…" }).click();
    await dialog.getByRole("button", { name: "Resume dialing", exact: true }).click();
    await expect.poll(() => house.calls().length).toBeGreaterThan(calls);
  });
});
