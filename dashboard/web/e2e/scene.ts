import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { open } from "./browser";
import { look, still } from "./look";
import { Mock } from "./mock/server";
import type { Scene } from "./mock/world";

/**
 * Opens a path of a stand-in in one scene, judges it in both schemes, and leaves pictures. A test that runs beside others
 * polls with the `expect` it was given: the global one knows no test from the moment any of them ends.
 */
export async function scene(browser: Browser, name: string, s: Scene, path: string, ready: (page: Page) => Promise<unknown>, options: BrowserContextOptions = {}) {
  const mock = new Mock(s);
  const { page } = await open(browser, (await mock.listen()) + path, { ...still, ...options });
  await ready(page);
  await look(page, name);
  await page.context().close();
  await mock.close();
}

/** Ready when a text is there. */
export const text = (t: string | RegExp) => (page: Page) => page.getByText(t).first().waitFor();
export { phone } from "./look";
