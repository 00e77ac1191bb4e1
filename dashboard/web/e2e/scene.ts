import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { expect } from "vitest";
import { open, picture, sideways, violations } from "./browser";
import { Mock } from "./mock/server";
import type { Scene } from "./mock/world";

/** Opens a path of a stand-in in one scene, judges it in both schemes, and leaves pictures. */
export async function scene(browser: Browser, name: string, s: Scene, path: string, ready: (page: Page) => Promise<unknown>, options: BrowserContextOptions = {}) {
  const mock = new Mock(s);
  const { page } = await open(browser, (await mock.listen()) + path, { colorScheme: "light", bypassCSP: true, ...options });
  await ready(page);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.waitForTimeout(600); // transitions are not judged half-way
    await picture(page, `${name}-${colorScheme}`, true);
    expect(await violations(page), colorScheme).toEqual([]);
    expect(await sideways(page), colorScheme).toEqual([]);
  }
  await page.context().close();
  await mock.close();
}

/** Ready when a text is there. */
export const text = (t: string | RegExp) => (page: Page) => page.getByText(t).first().waitFor();
export const phone = { viewport: { width: 390, height: 844 } };
