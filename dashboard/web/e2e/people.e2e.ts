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
  test.concurrent("crowded, with names that are code", () => scene("attempts-crowded", { attempts: "many" }, "/attempts", async (page) => {
    await page.getByText("<script>alert(1)</script>").first().waitFor();
    await inert(page);
  }));
  test.concurrent("without one", () => scene("attempts-empty", { attempts: "none" }, "/attempts", text("No call yet")));
  test.concurrent("without a match", () => scene("attempts-no-match", {}, "/attempts?disposition=FAX&from=2026-01-01", text("No call matches"), phone));
  test.concurrent("while they load", () => scene("attempts-loading", { silent: true }, "/attempts", (page) => page.getByText("Loading the attempts").waitFor({ state: "attached" })));
  test.concurrent("when they fail", () => scene("attempts-failing", { failing: 503 }, "/attempts", (page) => page.getByText("Could not load").waitFor({ timeout: 15_000 })));
  test.concurrent("paused", () => scene("attempts-paused", {}, "/attempts", async (page) => {
    await rows(page);
    await page.getByRole("button", { name: "Pause" }).click();
  }, phone));
});

describe("leads", () => {
  const listed = (page: Page) => page.locator("[data-lead]").first().waitFor();
  test.concurrent("crowded, drawing only what is in sight", () => scene("leads-crowded", { leads: "many" }, "/leads", async (page) => {
    await listed(page);
    await inert(page);
    expect(await page.locator("[data-lead]").count()).toBeLessThan(60);
    await page.evaluate(() => window.scrollTo(0, 9000));
    await page.getByText("Lead 00176").waitFor();
    await page.evaluate(() => window.scrollTo(0, 0));
    await listed(page);
  }));
  test.concurrent("without one", () => scene("leads-empty", { leads: "none" }, "/leads", text("No lead yet")));
  test.concurrent("without a match", () => scene("leads-no-match", {}, "/leads?q=zzz", text("No lead matches"), phone));
  test.concurrent("when they fail", () => scene("leads-failing", { failing: 503 }, "/leads", (page) => page.getByText("Could not load").waitFor({ timeout: 15_000 })));
  test.concurrent("with some chosen", () => scene("leads-chosen", {}, "/leads", async (page) => {
    await page.getByLabel("Choose Lead 00002").check();
    await page.getByLabel("Choose Lead 00005").check();
    await page.getByText("2 leads chosen").waitFor();
  }, phone));
  test.concurrent("before un-enrolling", () => scene("leads-unenroll", {}, "/leads", async (page) => {
    await page.getByLabel("Choose every lead shown").check();
    await page.getByRole("button", { name: "Un-enroll…" }).click();
    await page.getByLabel("Type 40 to confirm").fill("40");
  }));
});

describe("habits", () => {
  const palette = (typed: string) => async (page: Page) => {
    await page.getByRole("heading", { name: "Leads" }).waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog", { name: "Command palette" }).getByRole("combobox").fill(typed);
    await page.getByRole("option", { name: /^Lead 0000/ }).first().waitFor();
  };
  test.concurrent("the palette", () => scene("palette", {}, "/leads", palette("lead")));
  test.concurrent("the palette on a phone", () => scene("palette-phone", {}, "/leads", palette("lead 0"), phone));
  test.concurrent("the keys there are", () => scene("keys", {}, "/leads", async (page) => {
    await page.locator("[data-lead]").first().waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  }));
  test.concurrent("a list by keys, sorted, in a crowd of views", () => scene("views-crowded", { views: "many" }, "/leads?called=ever&sort=-called", async (page) => {
    await page.locator("[data-lead]").first().waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Lead 00002");
    await page.getByRole("button", { name: "Saved views" }).click();
    await page.getByRole("menuitem", { name: /^View 11/ }).waitFor();
    await inert(page);
  }));
  test.concurrent("what may be taken back", () => scene("undo-phone", {}, "/cadences", async (page) => {
    await page.getByRole("switch", { name: "Same-day quote: active" }).click({ force: true });
    await page.getByRole("button", { name: "Undo" }).waitFor();
  }, phone));
  test.concurrent("for whoever may only look", () => scene("cadences-viewer", { me: { sign_in: "required", needs_owner: false, kind: "user", name: "Viewer 1", user: null, grants: ["figures.read", "cadences.read"], zone: null } }, "/cadences", text("Same-day quote")));
});

describe("one lead", () => {
  const opened = (leads: "few" | "many", name: string) => async (page: Page) => {
    await page.locator("[data-lead]").filter({ hasText: name }).first().getByRole("link").click();
    await page.getByRole("heading", { name: "What comes next" }).waitFor();
    await page.getByText("Not yet").first().waitFor();
    if (leads === "many") await inert(page);
  };
  test.concurrent("whose name is code", () => scene("lead-hostile", { leads: "many" }, "/leads", opened("many", "<script>")));
  test.concurrent("with its rules open", () => scene("lead-rules", {}, "/leads", async (page) => {
    await opened("few", "Lead 00002")(page);
    await page.getByText(/^Every rule for/).click();
  }));
  test.concurrent("that took a consent back, on a phone", () => scene("lead-consent-phone", {}, "/leads", async (page) => {
    await opened("few", "Lead 00003")(page);
    await page.getByRole("button", { name: "Take back: Express written consent" }).click();
    await page.getByRole("dialog").getByLabel("How the person said so").fill("letter");
  }, phone));
  test.concurrent("before it is erased", () => scene("lead-erase", {}, "/leads", async (page) => {
    await opened("few", "Lead 00003")(page);
    await page.getByRole("button", { name: "Erase this person…" }).click();
    await page.getByLabel("Type crm-00003 to confirm").fill("crm-0000");
  }));
  test.concurrent("that is being enrolled", () => scene("lead-enroll", {}, "/leads", async (page) => {
    await opened("few", "Lead 00002")(page);
    await page.getByRole("button", { name: "Enroll", exact: true }).click();
    await page.getByRole("dialog").getByLabel("Cadence").selectOption({ index: 1 });
    await page.waitForTimeout(400);
  }));
  test.concurrent("whose marks are shown", () => scene("lead-marks", {}, "/leads", async (page) => {
    await opened("few", "Lead 00002")(page);
    await page.getByRole("button", { name: /^Do-not-call marks/ }).click();
    await page.getByLabel("Reason").fill("asked by phone");
    await page.getByRole("button", { name: "Do not call any more" }).click();
    await page.getByText("Said no to everything").waitFor();
  }, phone));
  test.concurrent("that is not there", () => scene("lead-missing", {}, "/leads/ld_aaaaaaaaaaaaaaaaaaaaaaaaaa", text("There is no such lead")));
});

describe("one attempt", () => {
  const opened = (name: string) => async (page: Page) => {
    await page.locator("[data-attempt]").filter({ hasText: name }).first().getByRole("link").first().click();
    await page.getByRole("heading", { name: "Why it was called" }).waitFor();
    await page.getByText("The call was allowed").waitFor();
  };
  test.concurrent("in full", () => scene("attempt", {}, "/attempts", async (page) => {
    await opened("Sale")(page);
    await page.getByText(/^Show \d+ facts/).click();
    await inert(page);
  }));
  test.concurrent("on a phone", () => scene("attempt-phone", {}, "/attempts", opened("Voicemail left"), phone));
  test.concurrent("that nobody knows of", () => scene("attempt-unknown", {}, "/attempts", opened("Unknown")));
  test.concurrent("that was taken back", () => scene("attempt-gone", {}, "/attempts/at_aaaaaaaaaaaaaaaaaaaaaaaaaa", text("There is no such attempt"), phone));
  test.concurrent("whose log is trimmed", () => scene("attempt-trimmed", { attempts: "many" }, "/attempts?disposition=SALE", async (page) => {
    await page.locator("[data-attempt]").last().getByRole("link").first().click();
    await page.getByText("Not the whole story").waitFor();
  }));
});
