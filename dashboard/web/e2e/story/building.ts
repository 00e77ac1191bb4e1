import type { Page } from "playwright-core";
import { expect } from "vitest";
import { picture, visit } from "../browser";

interface Detail {
  version: number;
  draft: { steps: { key: string; delay_after?: string; caller_id?: { strategy: string }; voicemail?: { text: string }; routes?: { on: string; do: string }[] }[] };
}
type Ask = <T>(path: string) => Promise<T>;

/** Waits until the editor has nothing that the server does not have. */
export const saved = async (page: Page) => {
  await page.waitForTimeout(50); // a change is drawn before it is seen as unsaved
  await expect.poll(() => page.getByTestId("saving").innerText(), { timeout: 15_000 }).toBe("Saved");
};
export const section = (page: Page, name: string) => page.getByRole("region", { name: "Parts of the cadence" }).getByRole("button", { name: new RegExp(`^${name}`) }).click();
export const step = (page: Page, name: string) => page.getByRole("list", { name: "Steps" }).getByRole("button", { name: new RegExp(`^\\d+\\. ${name}`) }).click();
export const idOf = (page: Page) => /cadences\/(cd_\w+)/.exec(page.url())?.[1] ?? "";

/** Builds five steps by hand in the editor, and tells the cadence's id. */
export async function build(page: Page, base: string, ask: Ask): Promise<string> {
  await visit(page, `${base}/cadences`);
  await page.getByRole("button", { name: "Create cadence" }).first().click();
  await page.getByRole("menuitem", { name: "Empty cadence" }).click();
  await page.waitForURL(/\/cadences\/cd_\w+\/edit/);
  const id = idOf(page);
  await page.getByLabel("Name", { exact: false }).first().fill("Built by hand");
  await expect.poll(() => page.getByRole("heading", { level: 1 }).innerText()).toBe("Built by hand");

  // What is missing is said beside it, and leads to its place.
  await page.getByRole("button", { name: /nowhere to go/ }).click();
  await section(page, "Answered calls");
  await page.getByRole("button", { name: "Add a target" }).click();
  await page.getByLabel("Number", { exact: false }).first().fill("+13035550100");

  for (let i = 2; i <= 5; i++) await page.getByRole("button", { name: "Add step" }).click();
  for (const [i, hours] of ["4", "24", "48", "72"].entries()) {
    await step(page, `Call ${i + 1}`);
    await page.getByRole("tab", { name: /^Timing/ }).click();
    await page.getByLabel("Delay after this step", { exact: true }).fill(hours);
    await page.getByLabel("Delay after this step: unit").selectOption("h");
  }
  for (const n of [4, 5]) {
    await step(page, `Call ${n}`);
    await page.getByLabel("Caller ID strategy").selectOption("rotating_pool");
  }
  for (const n of [3, 5]) {
    await step(page, `Call ${n}`);
    await page.getByRole("switch", { name: /Leave a voicemail/ }).click({ force: true });
    await page.getByLabel("Voicemail message").fill(`This is message ${n}. Please call us back.`);
  }
  await step(page, "Call 1");
  await page.getByRole("tab", { name: /^Disposition/ }).click();
  await page.getByRole("button", { name: "Add an outcome" }).click();
  await page.getByLabel("When the call ends with").selectOption("BUSY");
  await page.getByLabel("then", { exact: true }).selectOption("retry");
  await saved(page);
  const steps = async () => (await ask<Detail>(`/v1/cadences/${id}`)).draft.steps;
  const built = await steps();
  expect(built.map((s) => s.delay_after ?? "0s")).toEqual(["4h", "24h", "48h", "72h", "0s"]);
  expect(built.map((s) => s.caller_id?.strategy ?? "random")).toEqual(["random", "random", "random", "rotating_pool", "rotating_pool"]);
  expect(built.map((s) => s.voicemail?.text !== undefined)).toEqual([false, false, true, false, true]);
  expect(built[0]?.routes?.[0]).toMatchObject({ on: "BUSY", do: "retry" });

  // Moved by its button, by dragging, and back.
  await page.getByRole("button", { name: "Move Call 2 up" }).click();
  await saved(page);
  expect((await steps()).map((s) => s.key)).toEqual(["call-2", "call-1", "call-3", "call-4", "call-5"]);
  const items = page.getByRole("list", { name: "Steps" }).getByRole("listitem");
  await items.nth(0).dragTo(items.nth(1));
  await saved(page);
  expect((await steps()).map((s) => s.key)).toEqual(["call-1", "call-2", "call-3", "call-4", "call-5"]);
  return id;
}

/** Reads when a lead would be called, and publishes. */
export async function publish(page: Page, ask: Ask, id: string) {
  const calls = page.getByTestId("preview-calls").getByRole("listitem");
  await expect.poll(() => calls.count()).toBe(5);
  expect(await calls.first().innerText()).toMatch(/^Fri, \w+ \d+, 16:50/);
  expect(await calls.nth(1).innerText()).toMatch(/^Mon, \w+ \d+, 09:\d\d/);
  await picture(page, "editor-built");
  await page.getByRole("button", { name: "Publish…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Publish", exact: true }).click();
  await expect.poll(async () => (await ask<Detail>(`/v1/cadences/${id}`)).version).toBe(1);
  await page.getByRole("dialog").waitFor({ state: "detached" });
}
