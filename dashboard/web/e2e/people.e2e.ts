import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch } from "./browser";
import { scene as inScene, phone, text } from "./scene";

// Calls and leads in states that a real server is rarely in.
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());
const scene = (...of: Parameters<typeof inScene> extends [unknown, ...infer Rest] ? Rest : never) => inScene(browser, ...of);

const rows = (page: Page) => page.locator("[data-attempt]").first().waitFor();

/** No name may have become an element, and nothing may have run. */
const inert = async (page: Page) => {
  expect(await page.evaluate(() => document.querySelectorAll("main img:not([src^='/']), main script").length)).toBe(0);
};

describe("attempts", () => {
  test("in full", () => scene("attempts", {}, "/attempts", rows));
  test("on a phone", () => scene("attempts-phone", {}, "/attempts", rows, phone));
  test("crowded, with names that are code", () => scene("attempts-crowded", { attempts: "many" }, "/attempts", async (page) => {
    await page.getByText("<script>alert(1)</script>").first().waitFor();
    await inert(page);
  }));
  test("without one", () => scene("attempts-empty", { attempts: "none" }, "/attempts", text("No call yet")));
  test("without a match", () => scene("attempts-no-match", {}, "/attempts?disposition=FAX&from=2026-01-01", text("No call matches"), phone));
  test("while they load", () => scene("attempts-loading", { silent: true }, "/attempts", (page) => page.getByText("Loading the attempts").waitFor({ state: "attached" })));
  test("when they fail", () => scene("attempts-failing", { failing: 503 }, "/attempts", (page) => page.getByText("Could not load").waitFor({ timeout: 15_000 })));
  test("paused", () => scene("attempts-paused", {}, "/attempts", async (page) => {
    await rows(page);
    await page.getByRole("button", { name: "Pause" }).click();
  }, phone));
});

describe("one attempt", () => {
  const opened = (name: string) => async (page: Page) => {
    await page.locator("[data-attempt]").filter({ hasText: name }).first().getByRole("link").first().click();
    await page.getByRole("heading", { name: "Why it was called" }).waitFor();
    await page.getByText("The call was allowed").waitFor();
  };
  test("in full", () => scene("attempt", {}, "/attempts", async (page) => {
    await opened("Sale")(page);
    await page.getByText(/^Show \d+ facts/).click();
    await inert(page);
  }));
  test("on a phone", () => scene("attempt-phone", {}, "/attempts", opened("Voicemail left"), phone));
  test("that nobody knows of", () => scene("attempt-unknown", {}, "/attempts", opened("Unknown")));
  test("whose log is trimmed", () => scene("attempt-trimmed", { attempts: "many" }, "/attempts?disposition=SALE", async (page) => {
    await page.locator("[data-attempt]").last().getByRole("link").first().click();
    await page.getByText("Not the whole story").waitFor();
  }));
});
