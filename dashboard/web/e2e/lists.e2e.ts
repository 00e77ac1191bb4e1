import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch } from "./browser";
import { scene as inScene, phone, text } from "./scene";

// Lists and the import wizard, in states that a real server is rarely in.
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());
const scene = (...of: Parameters<typeof inScene> extends [unknown, ...infer Rest] ? Rest : never) => inScene(browser, ...of);

describe("lists", () => {
  test.concurrent("crowded on a phone", () => scene("lists-crowded-phone", { lists: "many" }, "/lists", async (page) => {
    const dialing = page.getByRole("switch", { name: "Spring fair: dialing" });
    await dialing.waitFor();
    for (const what of [dialing, page.getByRole("button", { name: "Actions for Spring fair" })]) {
      const box = await what.boundingBox();
      expect(box && box.x >= 0 && box.x + box.width <= 390, "in sight").toBe(true);
    }
  }, phone));
  test.concurrent("without one", () => scene("lists-empty", { lists: "none" }, "/lists", text("No list yet")));
  test.concurrent("when they fail", () => scene("lists-failing", { failing: 503 }, "/lists", (page) => page.getByText("Could not load").waitFor({ timeout: 15_000 }), phone));
  test.concurrent("with the settings open", () => scene("lists-settings", {}, "/lists", async (page) => {
    await page.getByRole("button", { name: "Actions for Spring fair" }).click();
    await page.getByRole("menuitem", { name: "Priority and release…" }).click();
    await page.getByLabel("New leads a day").fill("some");
    await page.getByText("A whole number up to").waitFor();
  }, phone));
});

const file = "Name,Dial,email,plan\nLead 00001,+13035550101,lead00001@example.com,gold\nLead 00002,303,lead00002@example.com,silver\nLead 00003,+13035550103,,\n";

const choose = async (page: Page) => {
  await page.locator('input[type="file"]').setInputFiles({ name: "spring-fair.csv", mimeType: "text/csv", buffer: Buffer.from(file) });
  await page.getByText("No column holds telephone numbers.").waitFor();
};
const mapped = async (page: Page) => {
  await choose(page);
  await page.getByLabel("Dial goes to").selectOption("phone");
  await page.getByRole("button", { name: "See what would happen" }).click();
  await page.getByRole("heading", { name: /nothing is stored yet/ }).waitFor();
};
const imported = async (page: Page) => {
  await mapped(page);
  await page.getByRole("button", { name: /^Import \d+ leads?$/ }).click();
  await page.getByRole("heading", { name: "Imported" }).waitFor();
};

describe("import", () => {
  test.concurrent("after a dry run on a phone, with every reason in sight", () => scene("import-dryrun-phone", {}, "/lists/import", async (page) => {
    await mapped(page);
    const reason = page.getByRole("region", { name: "Rows that cannot be leads" }).locator("tbody td:last-child").first();
    const box = await reason.boundingBox();
    expect(box && box.x + box.width <= 390 - 28, "in sight").toBe(true);
  }, phone));
  test.concurrent("when it was undone", () => scene("import-undone", {}, "/lists/import", async (page) => {
    await imported(page);
    await page.getByRole("button", { name: "Undo the import…" }).click();
    await page.getByLabel("Type undo to confirm").fill("undo");
    await page.getByRole("dialog").getByRole("button", { name: "Undo the import" }).click();
    await page.getByText("called, or being called").waitFor();
  }, phone));
});
