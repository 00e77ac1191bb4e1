import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, ElementHandle, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test, type ExpectStatic } from "vitest";
import { launch, open } from "./browser";
import { still } from "./look";
import { idOf } from "./mock/cadences";
import { Mock } from "./mock/server";
import type { Scene } from "./mock/world";

// Every dialog by keys alone: a key opens it, the focus is in it and stays in it, Escape closes it, and the focus is back
// where it was.
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

interface Way {
  /** The file that draws it. */
  of: string;
  path: string;
  /** The button that is pressed, and the item of the menu that it opens. */
  by: [button: string | RegExp, item?: string | RegExp];
  /** It is a link. */
  link?: boolean;
  /** Or a key that is pressed while the button has the focus. */
  key?: string;
  title: string | RegExp;
  scene?: Scene;
  /** What has to happen on the page first. */
  first?: (page: Page) => Promise<unknown>;
  /** Dialogs that come one before the other: what is done in this one, and the title of the one that stands there then. */
  then?: [done: (dialog: Locator, page: Page) => Promise<unknown>, title: string | RegExp];
  /** Closing it leads to another page, whose content has the focus then. */
  leaves?: boolean;
}

const editor = `/cadences/${idOf("cd", 1)}/edit`;
const lead = (name: string) => (page: Page) => page.getByRole("link", { name }).click();
const view = async (page: Page) => {
  await page.getByRole("button", { name: "Saved views" }).click();
  await page.getByRole("menuitem", { name: /^Never called/ }).click();
};
const choose = (page: Page) => page.getByRole("checkbox", { name: /^Choose / }).nth(1).check();

const dialogs: Record<string, Way> = {
  "the stop": { of: "components/StopDialogs", path: "/", by: ["Stop all calls…"], title: "Stop all dialing?" },
  "the resumption": { of: "components/StopDialogs", path: "/", by: ["Resume dialing…"], title: "Resume dialing?", first: (page) => page.request.post(`${new URL(page.url()).origin}/v1/stop`, { data: {} }) },
  "the keys": { of: "keys/HelpDialog", path: "/cadences", by: [/^Live\./], key: "?", title: "Keyboard shortcuts" },
  "the palette": { of: "palette/Palette", path: "/cadences", by: ["Find"], title: "Command palette" },
  "the palette by its key": { of: "palette/Palette", path: "/cadences", by: [/^Live\./], key: "Control+k", title: "Command palette" },
  "a rest by advice": { of: "overview/RestByAdvice", path: "/", by: ["Preview and apply…"], title: /rest/ },
  "an import of JSON": { of: "cadences/ImportDialog", path: "/cadences", by: ["Import"], title: "Import a cadence" },
  "a cadence's end": { of: "components/Irreversible", path: "/cadences", by: ["Actions for Win back after a year", "Delete…"], title: /^Delete/ },
  "a new view": { of: "views/NameDialog", path: "/cadences?status=active", by: ["Saved views", "Save what is shown as a view…"], title: "Save this view" },
  "a view's name": { of: "views/NameDialog", path: "/leads", by: [/^Manage the view/, "Rename…"], title: "Rename the view", first: view },
  "a view's end": { of: "components/Irreversible", path: "/leads", by: [/^Manage the view/, "Delete…"], title: /^Delete the view/, first: view },
  "enrolling the chosen": { of: "lead/EnrollDialog", path: "/leads", by: ["Enroll…"], title: /^Enroll/, first: choose },
  "un-enrolling them": { of: "leads/SelectionBar", path: "/leads", by: ["Un-enroll…"], title: /^Un-enroll/, first: choose },
  "enrolling one": { of: "lead/EnrollDialog", path: "/leads", by: ["Enroll"], title: /^Enroll/, first: lead("Lead 00002") },
  "a number's marks": { of: "lead/NoDialog", path: "/leads", by: [/^Do-not-call marks/], title: /be called\?$/, first: lead("Lead 00003") },
  "a consent": { of: "lead/ConsentDialogs", path: "/leads", by: ["Record one"], title: "Record a consent or a relationship", first: lead("Lead 00003") },
  "a consent taken back": { of: "lead/ConsentDialogs", path: "/leads", by: ["Take back: Express written consent"], title: /^Take back/, first: lead("Lead 00003") },
  "a person's erasure": { of: "lead/EraseDialog", path: "/leads", by: ["Erase this person…"], title: /^Erase/, first: lead("Lead 00003") },
  "a list's settings": { of: "lists/SettingsDialog", path: "/lists", by: ["Actions for Spring fair", "Priority and release…"], title: /^How/ },
  "an import's undoing": { of: "components/Irreversible", path: "/lists", by: ["Actions for Spring fair", "Undo the import…"], title: /^Undo the import/ },
  "a number's rest": { of: "numbers/RestDialog", path: "/numbers", by: ["Put +13035550100 to rest"], title: "Put +13035550100 to rest" },
  "an edition of a list": { of: "dnc/ImportList", path: "/compliance/dnc", by: ["Import an edition"], title: "Import an edition of a list" },
  "the publishing": { of: "editor/PublishDialog", path: `/cadences/${idOf("cd", 6)}/edit`, by: ["Publish…"], title: /^Publish/ },
  "leaving what is not stored": { of: "editor/LeaveQuestion", path: editor, by: ["Templates"], link: true, title: "Leave with changes that are not stored?", first: async (page) => {
    await page.getByLabel("Name", { exact: false }).first().fill("Same-day quote");
    await page.getByText("Not saved").waitFor();
  } },
  "the versions": { of: "editor/HistoryDialog", path: editor, by: ["Versions"], title: "Versions" },
  "a new template": { of: "templates/SaveTemplate", path: editor, by: ["Save as template"], title: "Save as template" },
  "the staff": { of: "staff/StaffNumbers", path: `${editor}?at=call-1`, by: ["Staff numbers…"], title: "Staff numbers" },
  "a template's name": { of: "templates/Manage", path: "/templates", by: ["Actions for House of spring", "Rename…"], title: "Rename the template" },
  "a template's end": { of: "components/Irreversible", path: "/templates", by: ["Actions for House of spring", "Delete…"], title: /^Delete the template/ },
  "a template's inside": { of: "templates/TemplatePreview", path: "/templates", by: ["Look inside House of spring"], title: "House of spring" },
  "a number awake again": { of: "numbers/RestDialog", path: "/numbers", by: [/^Wake /], title: /^Wake/ },
  "a JSON for templates": { of: "cadences/ImportDialog", path: "/templates", by: ["Import JSON"], title: "Import a cadence" },
  "a cadence that was imported": { of: "cadences/ImportDialog", path: "/cadences", by: ["Import"], title: "Import a cadence", then: [async (d, page) => {
    await d.getByRole("button", { name: "Use the five-step example" }).press("Enter");
    await d.getByRole("button", { name: "Import as draft" }).press("Enter");
    await page.getByRole("button", { name: "Done" }).waitFor();
  }, "Imported"] },
  "every consent taken back": { of: "lead/ConsentDialogs", path: "/leads", by: ["Take back all…"], title: "Take back every consent?", first: lead("Lead 00003") },
  "a person that was erased": { of: "lead/EraseDialog", path: "/leads", by: ["Erase this person…"], title: /^Erase/, first: lead("Lead 00003"), leaves: true, then: [async (d) => {
    await d.getByLabel("Reason").fill("asked for it");
    await d.getByLabel("Type crm-00003 to confirm").fill("crm-00003");
    await d.getByRole("button", { name: "Erase this person" }).press("Enter");
  }, "The person is erased"] },
  "what a user may": { of: "settings/Users", path: "/settings/users", by: ["Actions for Viewer 1", "Change the role"], title: "What may Viewer 1 do?" },
  "a link for somebody invited": { of: "settings/ShownOnce", path: "/settings/users", by: ["Invite"], title: "Invite a user", then: [async (d) => {
    await d.getByLabel("Name").fill("Viewer 2");
    await d.getByLabel("E-mail").fill("viewer2@example.test");
    await d.getByRole("button", { name: "Invite" }).press("Enter");
  }, "A link for Viewer 2"] },
  "another link for a user": { of: "settings/ShownOnce", path: "/settings/users", by: ["Actions for Viewer 1", "Make a link to reset the password"], title: "A link for Viewer 1" },
  "a key that was made": { of: "settings/ShownOnce", path: "/settings/keys", by: ["Create a key"], title: "Create an API key", then: [async (d) => {
    await d.getByLabel("Name").fill("Reports");
    await d.getByRole("checkbox", { name: "See cadences" }).press("Space");
    await d.getByRole("button", { name: "Create" }).press("Enter");
  }, "The key “Reports”"] },
  "an invitation": { of: "settings/Users", path: "/settings/users", by: ["Invite"], title: "Invite a user" },
  "a key's end": { of: "components/Irreversible", path: "/settings/keys", by: [/^Revoke /], title: /^Revoke/ },
  "a key for programs": { of: "settings/Keys", path: "/settings/keys", by: ["Create a key"], title: "Create an API key" },
};

const inside = (page: Page) => page.evaluate(() => document.activeElement?.closest('[role="dialog"]') != null);
const at = (page: Page) => page.evaluate(() => document.activeElement?.outerHTML.slice(0, 160));

/** Goes to an item of the open menu by arrows and takes it. */
async function take(page: Page, item: string | RegExp, wanted: ElementHandle<Element>) {
  for (let i = 0; i < 20; i++) {
    if (await wanted.evaluate((e) => e === document.activeElement)) return page.keyboard.press("Enter");
    await page.keyboard.press("ArrowDown");
  }
  throw new Error(`no arrow leads to ${String(item)}`);
}

async function walk(expect: ExpectStatic, page: Page, way: Way) {
  const opener = await page.getByRole(way.link ? "link" : "button", { name: way.by[0], exact: true }).first().elementHandle();
  if (!opener) throw new Error(`there is no button ${String(way.by[0])}`);
  await opener.focus();
  await page.keyboard.press(way.key ?? "Enter");
  if (way.by[1]) {
    const item = await page.getByRole("menuitem", { name: way.by[1] }).elementHandle();
    if (item) await take(page, way.by[1], item);
  }
  let dialog = page.getByRole("dialog", { name: way.title });
  await dialog.waitFor();
  if (way.then) {
    await way.then[0](dialog, page);
    dialog = page.getByRole("dialog", { name: way.then[1] });
    await dialog.waitFor();
  }
  await expect.poll(() => inside(page), { message: "the focus lands in it" }).toBe(true);
  const stops = await dialog.locator('button, input, select, textarea, a[href], [tabindex="0"]').count();
  for (const key of ["Tab", "Shift+Tab"])
    for (let i = 0; i <= Math.min(stops, 30); i++) {
      await page.keyboard.press(key);
      expect(await inside(page), `${key} ${i + 1} of ${stops} leads to ${await at(page)}`).toBe(true);
    }
  await page.keyboard.press("Escape");
  await expect.poll(() => dialog.count(), { message: "Escape closes it" }).toBe(0);
  const back = () => (way.leaves ? page.evaluate(() => document.activeElement?.id === "main") : opener.evaluate((e) => e === document.activeElement));
  await expect.poll(async () => (await back()) || (await at(page)), { message: "the focus is back" }).toBe(true);
}

for (const [name, way] of Object.entries(dialogs))
  test.concurrent(`${name} needs no mouse`, async ({ expect }) => {
    const mock = new Mock(way.scene ?? {});
    const { page } = await open(browser, (await mock.listen()) + way.path, still);
    await way.first?.(page);
    await walk(expect, page, way);
    await page.context().close();
    await mock.close();
  });

test("every dialog is walked through", () => {
  const src = join(import.meta.dirname, "../src");
  const drawn = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((f) => f.endsWith(".tsx") && !f.includes("components/Dialog") && /<(Dialog|Spotlight\.Root)\b/.test(readFileSync(join(src, f), "utf8")));
  const known = Object.values(dialogs).map((d) => d.of);
  expect(drawn.length).toBeGreaterThan(15);
  expect(drawn.filter((f) => !known.some((k) => f.endsWith(`${k}.tsx`)))).toEqual([]);
});

// The page's keys do nothing while a menu is there: one that fades away would swallow what is pressed next.
test("a menu that was chosen from is gone at once", async () => {
  const mock = new Mock({});
  const { page } = await open(browser, (await mock.listen()) + "/leads"); // with its motion, which only the others go without
  await page.getByRole("button", { name: "Saved views" }).click();
  const item = page.getByRole("menuitem", { name: "Save what is shown as a view…" });
  await item.waitFor();
  const left = await item.evaluate(async (e: HTMLElement) => {
    e.click();
    for (let i = 0; i < 2; i++) await new Promise((drawn) => requestAnimationFrame(drawn));
    return document.querySelectorAll('[role="menu"]').length;
  });
  expect(left).toBe(0);
  await page.context().close();
  await mock.close();
});
