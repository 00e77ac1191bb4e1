import type { Locator, Page } from "playwright-core";

/** Put into every document first: it counts what the pointer does before anything of the page can keep it. */
const count = () => {
  let presses = 0;
  addEventListener("pointerdown", () => void presses++, { capture: true });
  Object.assign(window, { presses: () => presses });
};

/** Which document it is, and how often it was pressed; nothing where the document is just going. */
const pressed = (page: Page) =>
  page.evaluate(() => `${performance.timeOrigin} ${(window as unknown as { presses?: () => number }).presses?.()}`).catch(() => undefined);

let known = false;

/**
 * Makes clicks certain. A browser on a busy machine now and then drops what the pointer does, and Playwright takes a page
 * that heard nothing at all for one that was clicked. Such a click is told of and made again; one that the page did hear
 * never is, whatever the page made of it.
 */
export async function heard(page: Page) {
  await page.context().addInitScript(count);
  if (known) return;
  known = true;
  const locator = Object.getPrototypeOf(page.locator("html")) as Locator;
  const click = locator.click;
  locator.click = async function (this: Locator, options) {
    const before = await pressed(this.page());
    await click.call(this, options);
    if (before === undefined || before.endsWith("undefined") || (await pressed(this.page())) !== before) return;
    console.warn(`the browser dropped a click on ${String(this)}`);
    await click.call(this, options);
  };
}
