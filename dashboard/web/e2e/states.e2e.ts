import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch, open } from "./browser";
import { idOf } from "./mock/cadences";
import { Mock } from "./mock/server";
import { scene as inScene, phone, text } from "./scene";

// States that a real server is rarely in: nothing, too much, failing, silent, stopped.
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const scene = (...of: Parameters<typeof inScene> extends [unknown, ...infer Rest] ? Rest : never) => inScene(browser, ...of);

describe("overview", () => {
  test.concurrent("as a table", () => scene("overview-table", {}, "/?view=table", text("Same-day quote")));
  test.concurrent("scrolled on a phone, where only the strip with the stop button stays", ({ expect }) => scene("overview-phone-scrolled", { cadences: "many" }, "/", async (page) => {
    await page.getByText("Dialing", { exact: true }).first().waitFor();
    const stop = page.getByRole("button", { name: "Stop all calls…" });
    const foot = () => page.locator("header").evaluate((h) => h.getBoundingClientRect().bottom);
    const whole = await foot();
    await page.evaluate(() => scrollTo(0, 400));
    await expect.poll(foot).toBe(whole - 86);
    expect(await stop.evaluate((b) => b.getBoundingClientRect().top)).toBeGreaterThan(0);
    await page.keyboard.press("Tab"); // to the link behind which the content is, and on into the bar
    await page.keyboard.press("Tab");
    await expect.poll(() => page.evaluate(() => document.activeElement?.getBoundingClientRect().top)).toBeGreaterThanOrEqual(0);
    await page.evaluate(() => {
      (document.activeElement as HTMLElement).blur();
      scrollTo(0, 0); // what lies under the strip is no target to be judged
    });
  }, phone));
  test.concurrent("without a cadence", () => scene("overview-empty", { cadences: "none" }, "/", text("No cadence yet")));
  test.concurrent("while it loads", () => scene("overview-loading", { silent: true }, "/", (page) => page.getByText("Loading the overview").waitFor({ state: "attached" })));
  test.concurrent("when it fails", () => scene("overview-failing", { failing: 503 }, "/", (page) => page.getByText("Could not load").waitFor({ timeout: 15_000 })));
  test.concurrent("when dialing stands still", () => scene("overview-off", { off: "calls cannot reach this server at https://calls.example.com; check that address" }, "/", text(/^Not dialing: calls cannot/)));
  test.concurrent("crowded", () => scene("overview-crowded", { cadences: "many" }, "/?open=%5B%22number%22%5D", text("Regional follow-up 4")));
  test.concurrent("crowded on a phone", () => scene("overview-crowded-phone", { cadences: "many", off: "the carrier answers 401: check the account's SID and token" }, "/", text(/^Not dialing/), phone));
  test.concurrent("without a demo", () => scene("overview-serve", { demo: false }, "/", text("Dialing")));
});

describe("reports", () => {
  test.concurrent("in full, compared", () => scene("reports", {}, "/reports?compare=before", text("Contact rate by hour and weekday")));
  test.concurrent("in full on a phone", () => scene("reports-chart-phone", {}, `/reports?cadence=${idOf("cd", 1)}`, text("may be called now"), phone));
  test.concurrent("of one cadence as tables on a phone", () => scene("reports-phone", {}, `/reports?view=table&cadence=${idOf("cd", 1)}`, text("Funnel by step and run"), phone));
});

describe("cadences", () => {
  test.concurrent("crowded", () => scene("cadences-crowded", { cadences: "many" }, "/cadences", text("Regional follow-up 2")));
  test.concurrent("without one", () => scene("cadences-empty", { cadences: "none" }, "/cadences", text("No cadence yet")));
  test.concurrent("without a match", () => scene("cadences-no-match", {}, "/cadences?q=zzz", text("No cadence matches")));
  test.concurrent("while they load", () => scene("cadences-loading", { silent: true }, "/cadences", (page) => page.getByText("Loading the cadences").waitFor({ state: "attached" })));
  test.concurrent("when they fail", () => scene("cadences-failing", { failing: 503 }, "/cadences", (page) => page.getByText("Could not load").waitFor({ timeout: 15_000 })));
  test.concurrent("with the menu open", () => scene("cadences-menu", {}, "/cadences", async (page) => {
    await page.getByRole("button", { name: "Actions for Renewal reminder" }).click();
    await page.getByRole("menuitem", { name: "Resume its calls" }).waitFor();
  }));
  test.concurrent("before deleting", () => scene("cadences-delete", {}, "/cadences", async (page) => {
    await page.getByRole("button", { name: "Actions for Win back after a year" }).click();
    await page.getByRole("menuitem", { name: "Delete…" }).click();
    await page.getByRole("dialog").waitFor();
  }));
  test.concurrent("with a refusal", ({ expect }) => scene("cadences-refused", {}, "/cadences", async (page) => {
    await page.getByRole("switch", { name: "Appointment confirmation: active" }).click({ force: true });
    await page.getByText("“Appointment confirmation” is still not active").waitFor();
    await expect.poll(() => page.getByRole("switch", { name: "Appointment confirmation: active" }).isChecked()).toBe(false);
  }));
  test.concurrent("importing", () => scene("import", {}, "/cadences", async (page) => {
    await page.getByRole("button", { name: "Import", exact: true }).click();
    await page.getByRole("button", { name: "Use the five-step example" }).click();
    await page.getByRole("button", { name: "Preview" }).click();
    await page.getByText(/it can be published as it is/).waitFor();
  }));
  test.concurrent("importing a bad file on a phone", () => scene("import-errors-phone", {}, "/cadences", async (page) => {
    await page.getByRole("button", { name: "Import", exact: true }).click();
    await page.getByLabel("Document").fill('{\n  "format": "carillon.cadence/v1",\n  "stepz": [\n    { "delay_after": "4 hours" }\n  ]\n}');
    await page.getByRole("button", { name: "Import as draft" }).click();
    await page.getByText("Nothing was stored").waitFor();
    await page.getByRole("button", { name: "line 3" }).click();
    expect(await page.evaluate(() => document.getSelection()?.toString())).toContain("stepz");
  }, phone));
});

describe("one cadence", () => {
  const openOne = (name: string) => async (page: Page) => {
    await page.getByRole("link", { name, exact: true }).click();
    await page.getByRole("heading", { name: "Steps" }).waitFor();
  };
  test.concurrent("with problems", () => scene("cadence-problems", {}, "/cadences", openOne("Survey after delivery")));
  test.concurrent("that is not there", () => scene("cadence-missing", {}, "/cadences/cd_aaaaaaaaaaaaaaaaaaaaaaaaaa", text("There is no such cadence")));
  test.concurrent("or a page that is not there", () => scene("page-missing", {}, "/nowhere", text("There is no such page")));
});

describe("the stream", () => {
  test.concurrent("comes back after the server was away", async () => {
    const mock = new Mock({});
    const base = await mock.listen();
    const { page } = await open(browser, base);
    await page.getByRole("button", { name: /^Live\./ }).waitFor();
    mock.drop();
    await page.getByRole("button", { name: /^Reconnecting\./ }).waitFor();
    await page.getByRole("button", { name: /^Live\./ }).waitFor({ timeout: 20_000 });
    await page.context().close();
    await mock.close();
  });
});
