import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, open } from "./browser";

// What becomes of a list; how it comes in through the wizard is a part of the story.
const base = process.env.CARILLON_URL ?? "";
let browser: Browser;
beforeAll(async () => {
  if (!base) throw new Error("name a running server in CARILLON_URL");
  browser = await launch();
});
afterAll(() => browser.close());

interface List {
  id: string;
  name: string;
  paused: boolean;
  leads: number;
  import: string;
}

test("a list is paused, and its import taken back", async () => {
  const rows = Array.from({ length: 60 }, (_, i) => `Lead ${String(i + 1).padStart(5, "0")},+1212600${1000 + i},w${i + 1}`);
  await fetch(`${base}/v1/leads/import?name=browser+test`, { method: "POST", headers: { "Content-Type": "text/csv" }, body: ["name,phone,external_id", ...rows].join("\n") });
  const state = async () => ((await (await fetch(`${base}/v1/lists`)).json()) as { items: List[] }).items.find((l) => l.name === "browser test");
  await expect.poll(async () => (await state())?.leads).toBe(60);
  const { page, complaints } = await open(browser, `${base}/lists`);
  const row = page.locator('[data-list="browser test"]').first();
  await row.getByRole("switch").click({ force: true });
  await expect.poll(async () => (await state())?.paused).toBe(true);
  await row.getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: "Undo the import…" }).click();
  await page.getByLabel("Type undo to confirm").fill("undo");
  await page.getByRole("dialog").getByRole("button", { name: "Undo the import" }).click();
  await expect.poll(async () => (await state())?.leads, { timeout: 30_000 }).toBe(0);
  const undone = (await (await fetch(`${base}/v1/imports/${(await state())?.import}`)).json()) as { import: { removed: number } };
  expect(undone.import.removed).toBe(60);
  expect(complaints).toEqual([]);
  await page.context().close();
});
