import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { expect, test } from "vitest";
import { open } from "./browser";
import { desk, look, phone, still } from "./look";

/** What the screens are looked at with: a server that dials, and whoever is signed in there. */
export interface Sight {
  browser: Browser;
  base: string;
  /** Somebody who may see everything. */
  page: Page;
  made: { cadence: string; clone: string; lead: string; attempt: string; list: string };
}

interface Screen {
  /** As the router has it. */
  route: string;
  name: string;
  path?: (made: Sight["made"]) => string;
  ready: (page: Page) => Promise<unknown>;
}

const heading = (name: string | RegExp) => (page: Page) => page.getByRole("heading", { name }).first().waitFor();
const first = (css: string) => (page: Page) => page.locator(css).first().waitFor();
const text = (what: string | RegExp) => (page: Page) => page.getByText(what).first().waitFor();

/** Every screen there is once somebody is signed in, with what it shows of real calls. */
const screens: readonly Screen[] = [
  { route: "/", name: "overview", path: () => "/?open=%5B%22number%22%5D", ready: first('section[aria-label="Key figures"] [data-figure]') },
  { route: "/", name: "overview-table", path: () => "/?view=table", ready: heading("Performance by type") },
  { route: "/cadences", name: "cadences", ready: first("[data-cadence]") },
  { route: "/cadences/$id", name: "cadence", path: (m) => `/cadences/${m.cadence}`, ready: heading("Timing and rules") },
  { route: "/cadences/$id/edit", name: "editor", path: (m) => `/cadences/${m.clone}/edit`, ready: first('[data-testid="preview-calls"] li') },
  { route: "/templates", name: "templates", ready: first("[data-template]") },
  { route: "/reports", name: "reports", path: () => "/reports?compare=before", ready: heading("Contact rate by hour and weekday") },
  { route: "/reports", name: "report-table", path: (m) => `/reports?view=table&cadence=${m.cadence}`, ready: heading("Funnel by step and run") },
  { route: "/attempts", name: "attempts", ready: first("[data-attempt]") },
  { route: "/attempts/$id", name: "attempt", path: (m) => m.attempt, ready: text("The call was allowed and made durable") },
  { route: "/leads", name: "leads", ready: first("[data-lead]") },
  { route: "/leads/$id", name: "lead", path: (m) => m.lead, ready: text(/^(Yes: nothing stands in the way|Not yet|No)$/) },
  { route: "/lists", name: "lists", ready: first("[data-list]") },
  { route: "/lists/import", name: "import-file", ready: text("Drop a file of leads here") },
  { route: "/numbers", name: "numbers", ready: first("[data-number]") },
  { route: "/compliance", name: "compliance", ready: text("us.fl.hours") },
  { route: "/compliance/try", name: "try", path: () => "/compliance/try?number=%2B13035550100&at=2026-03-03T21%3A30", ready: text(/^(Yes|Not yet|No)\b/) },
  { route: "/compliance/dnc", name: "dnc", ready: heading("Our own list") },
  { route: "/ops", name: "ops", ready: heading(/./) },
  { route: "/account", name: "account", ready: heading("Where you are signed in") },
  { route: "/settings/server", name: "settings", ready: heading(/./) },
  { route: "/settings/staff", name: "staff", ready: heading("Staff numbers") },
  { route: "/rehearsals", name: "rehearsals", ready: heading("Rehearsals") },
  { route: "/settings/users", name: "users", ready: text("owner@example.test") },
  { route: "/settings/keys", name: "keys", ready: heading(/./) },
  { route: "/settings/audit", name: "audit", ready: text("cadence.published") },
];

/** Screens that others look at: whoever signs in on the way, and the tests of a rehearsal. */
const elsewhere = ["/setup", "/welcome", "/rehearsals/$id"];

/** Looks at every screen, on a desk and on a phone, in light and dark colours. */
export function everyScreen(sight: () => Sight) {
  test("has a test", () => {
    const router = readFileSync(join(import.meta.dirname, "../src/router.tsx"), "utf8");
    const routes = [...router.matchAll(/\bpath: "([^"]+)"/g)].map((m) => m[1]);
    expect(routes.length).toBeGreaterThan(20);
    expect(routes.filter((r) => r && !elsewhere.includes(r) && !screens.some((s) => s.route === r))).toEqual([]);
  });

  for (const { viewport } of [desk, phone])
    for (const s of screens)
      test.concurrent(`${s.name} has no violation at ${viewport.width} px`, { timeout: 180_000 }, async () => {
        const { browser, base, page: signedIn, made } = sight();
        const path = s.path?.(made) ?? s.route;
        const { page, complaints } = await open(browser, base + path, { ...still, viewport, storageState: await signedIn.context().storageState() });
        await s.ready(page);
        await look(page, s.name);
        expect(complaints).toEqual([]);
        await page.context().close();
      });
}
