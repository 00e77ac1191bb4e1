import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch, picture, sideways, violations } from "./browser";
import { hostile } from "./mock/attempts";

// A real server of its own, with sign-in: CARILLON_BIN names the binary.
const binary = process.env.CARILLON_BIN;
const password = "three blind mice run";
let browser: Browser;
let server: ChildProcess;
let work: string;
let base = "";
let setup = "";

/** Starts the demo with sign-in and waits for the two addresses that it prints. */
function start(): Promise<void> {
  work = mkdtempSync(join(tmpdir(), "carillon-signin-"));
  server = spawn(binary ?? "", ["demo", "--sign-in", "--listen", "127.0.0.1:0", "--data", join(work, "demo"), "--leads", "50"], { stdio: ["ignore", "pipe", "inherit"] });
  return new Promise((ready, failed) => {
    let said = "";
    server.on("exit", (code) => failed(new Error(`the server ended with ${code}: ${said}`)));
    server.stdout?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      base = /^listening (http\S+)$/m.exec(said)?.[1] ?? "";
      setup = /^(http\S+\/setup#token=\S+)$/m.exec(said)?.[1] ?? "";
      if (base && setup) ready();
    });
  });
}

async function fresh(options = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, bypassCSP: true, ...options });
  const page = await context.newPage();
  page.on("dialog", (d) => expect.unreachable(`a dialog: ${d.message()}`));
  return page;
}

async function sound(page: Page, name: string) {
  for (const colorScheme of ["light", "dark"] as const)
    for (const width of [1440, 390]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      expect(await violations(page), `${name}, ${colorScheme}, ${width}`).toEqual([]);
      expect(await sideways(page), `${name}, ${width}`).toEqual([]);
      await picture(page, `${name}-${colorScheme}-${width}`);
    }
  await page.setViewportSize({ width: 1440, height: 900 });
}

describe.skipIf(!binary)("sign-in", () => {
  beforeAll(async () => {
    browser = await launch();
    await start();
  });
  afterAll(async () => {
    await browser.close();
    const ended = new Promise((done) => server.on("exit", done));
    server.removeAllListeners("exit");
    server.on("exit", () => undefined);
    server.kill("SIGTERM");
    await Promise.race([ended, new Promise((done) => server.once("exit", done))]);
    rmSync(work, { recursive: true, force: true });
  });

  test("first start: owner, invitation, a viewer who may not", { timeout: 180_000 }, async () => {
    const owner = await fresh();
    await owner.goto(`${base}/cadences`);
    await owner.getByRole("heading", { name: "Nobody can sign in yet" }).waitFor();
    await sound(owner, "nobody");
    await owner.goto(setup);
    await owner.getByRole("heading", { name: "Create the owner" }).waitFor();
    expect(owner.url()).not.toContain("token"); // it is out of the address, and of the history
    await sound(owner, "setup");
    await owner.getByLabel("Name").fill("Owner 1");
    await owner.getByLabel("E-mail").fill("owner@example.test");
    await owner.getByLabel("Password", { exact: false }).first().fill("short");
    await owner.getByRole("button", { name: "Create the owner" }).click();
    await owner.getByLabel("Password", { exact: false }).first().fill(password);
    await owner.getByRole("button", { name: "Create the owner" }).click();
    await owner.getByRole("heading", { name: "Overview" }).waitFor();

    // Everybody else comes by a link; names are names, whatever they look like.
    await owner.goto(`${base}/settings/users`);
    await owner.getByRole("button", { name: "Invite" }).click();
    const name = hostile[0] ?? "";
    await owner.getByLabel("Name").fill(name);
    await owner.getByLabel("E-mail").fill("viewer@example.test");
    await owner.getByRole("dialog").getByRole("button", { name: "Invite" }).click();
    const link = await owner.getByTestId("secret").innerText();
    await owner.getByRole("button", { name: "I have it" }).click();
    await owner.getByRole("cell", { name: name }).first().waitFor();
    await sound(owner, "users");

    const viewer = await fresh();
    await viewer.goto(link);
    await viewer.getByRole("heading", { name: "Choose a password" }).waitFor();
    await sound(viewer, "welcome");
    await viewer.getByLabel("Password", { exact: false }).first().fill(password);
    await viewer.getByRole("button", { name: "Set it and sign in" }).click();
    await viewer.getByRole("heading", { name: "Overview" }).waitFor();
    await viewer.getByRole("link", { name: "Cadences" }).waitFor();
    expect(await viewer.getByRole("link", { name: "Attempts" }).count()).toBe(0);
    await viewer.goto(`${base}/attempts`);
    await viewer.getByRole("heading", { name: "You may not see this" }).waitFor();
    await sound(viewer, "forbidden");
    await viewer.goto(`${base}/settings/users`);
    await viewer.getByRole("heading", { name: "You may not see this" }).waitFor();

    // Sign out and in again, in place.
    await viewer.getByRole("button", { name: /^Account:/ }).click();
    await viewer.getByRole("menuitem", { name: "Sign out" }).click();
    await viewer.getByRole("heading", { name: "Sign in" }).waitFor();
    await sound(viewer, "sign-in");
    await viewer.goto(`${base}/cadences`);
    await viewer.getByLabel("E-mail").fill("viewer@example.test");
    await viewer.getByLabel("Password", { exact: false }).first().fill("not the password");
    await viewer.getByRole("button", { name: "Sign in" }).click();
    await viewer.getByText("The e-mail address or the password is wrong").waitFor();
    await viewer.getByLabel("Password", { exact: false }).first().fill(password);
    await viewer.keyboard.press("Enter");
    await viewer.getByRole("heading", { name: "Cadences" }).waitFor();

    // A key is shown once; who did all this is kept.
    await owner.goto(`${base}/settings/keys`);
    await owner.getByRole("button", { name: "Create a key" }).click();
    await owner.getByRole("textbox", { name: "Name" }).fill("crm");
    await owner.getByLabel("See cadences and what blocks them").check();
    await sound(owner, "key");
    await owner.getByRole("button", { name: "Create", exact: true }).click();
    const token = await owner.getByTestId("secret").innerText();
    await owner.getByRole("button", { name: "I have it" }).click();
    const asked = (path: string) => fetch(base + path, { headers: { Authorization: `Bearer ${token}` } });
    expect([(await asked("/v1/cadences")).status, (await asked("/v1/leads")).status]).toEqual([200, 403]);
    await owner.getByRole("button", { name: "Revoke crm" }).click();
    await expect.poll(async () => (await asked("/v1/cadences")).status).toBe(401);
    await sound(owner, "keys");
    await owner.goto(`${base}/settings/audit?what=key.`);
    await owner.getByText("key.revoked").waitFor();
    await owner.goto(`${base}/settings/audit`);
    await owner.getByText("user.created").first().waitFor();
    await sound(owner, "audit");
    await owner.goto(`${base}/account`);
    await owner.getByText("This one").waitFor();
    await sound(owner, "account");

    // A disabled user is out at once, with the page open.
    await owner.goto(`${base}/settings/users`);
    await owner.getByRole("button", { name: `Actions for ${name}` }).click();
    await owner.getByRole("menuitem", { name: "Disable" }).click();
    await owner.getByText("Disabled", { exact: true }).waitFor();
    await viewer.reload();
    await viewer.getByRole("heading", { name: "Sign in" }).waitFor();
  });
});
