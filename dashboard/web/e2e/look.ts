import type { Page } from "playwright-core";
import { expect } from "vitest";
import { picture, sideways, violations } from "./browser";

/** Nothing is judged half-way: who wants less motion gets none. */
export const still = { reducedMotion: "reduce", bypassCSP: true } as const;
export const phone = { viewport: { width: 390, height: 844 } };
export const desk = { viewport: { width: 1440, height: 900 } };

/** Judges a page as it is now, in both schemes, and leaves a picture of each. What colours cannot change is judged once. */
export async function look(page: Page, name: string) {
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    const at = `${name}-${colorScheme}-${page.viewportSize()?.width}`;
    await picture(page, at);
    expect(await violations(page, colorScheme === "light" ? "colours" : undefined), at).toEqual([]);
  }
  expect(await sideways(page), name).toEqual([]);
}

/** The same on a desk and on a phone. */
export async function lookBoth(page: Page, name: string) {
  for (const { viewport } of [phone, desk]) {
    await page.setViewportSize(viewport);
    await look(page, name);
  }
}
