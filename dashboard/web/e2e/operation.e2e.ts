import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch } from "./browser";
import { scene as inScene, phone, text } from "./scene";

// Numbers, compliance, do-not-call lists, the machine and settings, each in the states that are hardest to draw.
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());
const scene = (...of: Parameters<typeof inScene> extends [unknown, ...infer Rest] ? Rest : never) => inScene(browser, ...of);

/** No text may have become an element, and nothing may have run. */
const inert = async (page: Page) => expect(await page.evaluate(() => document.querySelectorAll("main img:not([src^='/']), main script").length)).toBe(0);

describe("numbers", () => {
  test.concurrent("before one rests", () => scene("numbers-rest", {}, "/numbers", async (page) => {
    await page.getByRole("button", { name: "Put +13035550100 to rest" }).click();
    await page.getByRole("dialog").getByLabel("Reason").fill("marked as spam");
  }));
  test.concurrent("crowded, on a phone", () => scene("numbers-crowded-phone", { numbers: "many" }, "/numbers", (page) => page.locator("[data-number]").first().waitFor(), phone));
});

describe("compliance", () => {
  test.concurrent("the rules", () => scene("compliance", {}, "/compliance", text("us.fl.hours")));
  test.concurrent("without rules, on a phone", () => scene("compliance-none-phone", { rules: "none" }, "/compliance", text("No rule packs are in force"), phone));
  test.concurrent("a verdict", () => scene("compliance-verdict", {}, "/compliance/try?number=%2B13035550100&at=2026-01-06T21%3A30&voice=prerecorded&state=FL", text("It does not become allowed by itself")));
  test.concurrent("a verdict on a phone", () => scene("compliance-verdict-phone", {}, "/compliance/try?number=%2B13035550100&at=2026-01-06T21%3A30", text("Not yet"), phone));
  test.concurrent("who is not to be called", () => scene("dnc", { noes: "many" }, "/compliance/dnc?number=%2B13035550100", async (page) => {
    await page.getByText("No mark stands against it").waitFor();
    await page.getByText("<img src=x").first().waitFor();
    await inert(page);
  }));
  test.concurrent("nobody said no, on a phone", () => scene("dnc-none-phone", { noes: "none" }, "/compliance/dnc", text("Nobody has said no yet"), phone));
});

describe("rehearsals", () => {
  test.concurrent("on a phone", () => scene("rehearsals-phone", {}, "/rehearsals", text("call-1 of the draft"), phone));
  test.concurrent("and whom they call", () => scene("staff", {}, "/settings/staff", text("Not verified")));
  test.concurrent("one, from the list by keyboard", ({ expect }) => scene("rehearsal", {}, "/rehearsals", async (page) => {
    const one = page.locator("[data-rehearsal] a").first();
    await one.waitFor();
    await one.focus();
    await page.keyboard.press("Enter");
    await page.getByText("It was answered and lasted").waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("main"); // goes on at the new page's content
  }));
});

describe("ops and settings", () => {
  test.concurrent("with everything wrong", () => scene("ops-ill", { machine: "ill", off: "the engine cannot reach itself through public_url" }, "/ops", text("2 calls stuck")));
  test.concurrent("set up already", () => scene("setup-late-phone", { me: { sign_in: "required", needs_owner: false, kind: "", name: "", user: null, grants: [], zone: null } }, "/setup", text("There is an owner already"), phone));
  test.concurrent("when it is well, on a phone", () => scene("ops-phone", {}, "/ops", text("Nothing needs you"), phone));
  test.concurrent("stopped, seen from settings on a phone", ({ expect }) => scene("settings-stopped-phone", { machine: "ill" }, "/settings/server", async (page) => {
    await page.getByRole("button", { name: "Check it now" }).click();
    await page.getByText("2 findings to look at").waitFor();
    await page.getByRole("button", { name: "Stop all calls…" }).click();
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Stop dialing now"); // its answer has the focus
    await page.keyboard.press("Enter");
    await page.getByText(/^Not dialing: stopped/).waitFor();
  }, phone));
});
