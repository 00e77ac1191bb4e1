import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, open, picture, violations } from "./browser";

// These hold for any server: the one at CARILLON_URL.
const base = process.env.CARILLON_URL ?? "";
let browser: Browser;
beforeAll(async () => {
  if (!base) throw new Error("name a running server in CARILLON_URL");
  browser = await launch();
});
afterAll(() => browser.close());

const ROWS = 5000;

/** Numbers that nobody has, each once, with a bad and a repeated row at the end. */
function file(): string {
  const codes = ["212", "303", "312", "404", "602"];
  const rows = Array.from({ length: ROWS - 2 }, (_, i) => `Lead ${String(i + 1).padStart(5, "0")},+1${codes[i % 5]}${600 + Math.floor(i / 5 / 10)}0${String(100 + (i % 100)).slice(-3)},w${i + 1}`);
  return ["Name,Dial,Ref", ...rows, "Lead 04999,soon,w4999", `Lead again,+12126000100,w1`].join("\n");
}

interface Import {
  id: string;
  list: string;
}

test("5,000 leads go through the wizard, wait, are paused, and are taken back", async () => {
  const { page, complaints } = await open(browser, `${base}/lists`, { bypassCSP: true });
  await page.getByRole("link", { name: "Import leads" }).first().click();
  await page.locator('input[type="file"]').setInputFiles({ name: "browser-test.csv", mimeType: "text/csv", buffer: Buffer.from(file()) });
  await page.getByText("No column holds telephone numbers.").waitFor();
  await page.getByLabel("Dial goes to").selectOption("phone");
  await page.getByLabel("Ref goes to").selectOption("external_id");
  await page.getByRole("button", { name: "See what would happen" }).click();
  const figure = (name: string) => page.locator(`[data-count="${name}"] dd`).innerText();
  await expect.poll(() => figure("Valid")).toBe("4,999");
  expect(await figure("Bad")).toBe("1");
  expect(await figure("Duplicate")).toBe("1");
  expect(await violations(page)).toEqual([]);
  await picture(page, "product-import-dryrun");
  const begun = Date.now();
  await page.getByRole("button", { name: /^Import 4,99\d leads$/ }).click();
  await page.getByRole("heading", { name: "Imported" }).waitFor({ timeout: 30_000 });
  expect(await figure("New")).toBe("4,998");
  expect(await figure("Rejected")).toBe("1");
  console.log(`import of ${ROWS} leads in the browser: ${Date.now() - begun} ms`);
  expect(await violations(page)).toEqual([]);

  await page.getByRole("link", { name: "Lists", exact: true }).first().click();
  const row = page.locator('[data-list="browser test"]').first();
  await row.getByRole("switch").click({ force: true });
  const state = async () => ((await (await fetch(`${base}/v1/lists`)).json()) as { items: { name: string; paused: boolean; leads: number; import: string }[] }).items.find((l) => l.name === "browser test");
  await expect.poll(async () => (await state())?.paused).toBe(true);
  await picture(page, "product-lists");
  expect(await violations(page)).toEqual([]);

  await row.getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: "Undo the import…" }).click();
  await page.getByLabel("Type undo to confirm").fill("undo");
  await page.getByRole("dialog").getByRole("button", { name: "Undo the import" }).click();
  await expect.poll(async () => (await state())?.leads, { timeout: 30_000 }).toBe(0);
  const undone = (await (await fetch(`${base}/v1/imports/${(await state())?.import}`)).json()) as { import: { state: string; removed: number; kept: unknown[] } & Import };
  expect(undone.import.removed).toBe(4998);
  expect(complaints).toEqual([]);
  await page.context().close();
});
