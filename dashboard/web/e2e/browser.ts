import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { AxeResults } from "axe-core";
import { type Browser, type BrowserContextOptions, type Page, chromium } from "playwright-core";
import { heard } from "./heard";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Starts the browser named by CHROMIUM. It runs as root in containers, hence without its sandbox. */
export const launch = (more: readonly string[] = []): Promise<Browser> =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", ...more] });

export interface Opened {
  page: Page;
  /** What the page complained about: errors, refused scripts, failed requests. */
  complaints: string[];
}

/** A page of its own, with the browser's complaints gathered. */
export async function open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  await heard(page);
  const complaints: string[] = [];
  page.on("console", (m) => m.type() === "error" && complaints.push(m.text()));
  page.on("pageerror", (e) => complaints.push(e.message));
  if (url !== "about:blank") await visit(page, url);
  return { page, complaints };
}

/**
 * Goes to an address and waits until the browser has painted something of it with its own fonts. Where the machine is
 * busy, what is pressed earlier than a person could is dropped, or meets what has just moved.
 */
export async function visit(page: Page, url: string) {
  await page.goto(url);
  await page.waitForFunction(() => document.fonts.status === "loaded" && performance.getEntriesByName("first-contentful-paint").length > 0);
}

/** Of axe's rules those that a colour scheme can change. */
const ofColours = ["color-contrast", "link-in-text-block"];

/** What axe finds against WCAG 2.2 AA and its best practices, or only about colours, as readable lines. The page needs bypassCSP. */
export async function violations(page: Page, only?: "colours"): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  const options = { runOnly: only ? { type: "rule", values: ofColours } : { type: "tag", values: rules }, resultTypes: ["violations"] };
  const found = (await page.evaluate((o) => (window as unknown as { axe: { run: (d: Document, o: object) => Promise<AxeResults> } }).axe.run(document, o), options)) as AxeResults;
  return found.violations.flatMap((v) => v.nodes.slice(0, 4).map((n) => `${v.id}: ${n.target.join(" ")}: ${n.failureSummary?.split("\n")[1]?.trim() ?? v.help}`));
}

/** What sticks out at the right when the page as a whole scrolls sideways; tables may scroll in their own box. */
export const sideways = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const wide = window.innerWidth;
    if (document.documentElement.scrollWidth <= wide) return [];
    const out = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > wide + 1);
    return out.slice(0, 5).map((e) => `${e.tagName} ${e.className} ends at ${Math.round(e.getBoundingClientRect().right)} of ${wide}`);
  });

/** Leaves a picture in the directory named by SHOTS; without one, nothing is kept. */
export async function picture(page: Page, name: string, fullPage = true) {
  const dir = process.env.SHOTS;
  if (!dir) return;
  mkdirSync(dir, { recursive: true });
  await page.screenshot({ path: join(dir, `${name}.png`), fullPage });
}

/** The number shown by a figure of the overview. */
export async function figure(page: Page, label: string): Promise<number> {
  const text = await page.locator(`[data-figure="${label}"]`).innerText();
  return Number(text.replace(/[^0-9.]/g, ""));
}
