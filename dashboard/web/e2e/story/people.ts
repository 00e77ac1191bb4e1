import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { expect, test } from "vitest";
import { open, visit } from "../browser";
import { lookBoth, still } from "../look";
import { hostile } from "../mock/attempts";

const password = "three blind mice run";

/** An owner invites a viewer, who may not; keys, the audit log, and other sites. */
export function whoMayWhat(at: () => { browser: Browser; base: string; owner: Page }) {
  test("a viewer comes by a link, sees little, and is out once disabled", { timeout: 120_000 }, async () => {
    const { browser, base, owner } = at();
    await visit(owner, `${base}/settings/users`);
    await owner.getByRole("button", { name: "Invite" }).click();
    const name = hostile[0] ?? ""; // names are names, whatever they look like
    await owner.getByLabel("Name").fill(name);
    await owner.getByLabel("E-mail").fill("viewer@example.test");
    await owner.getByRole("dialog").getByRole("button", { name: "Invite" }).click();
    const link = await owner.getByTestId("secret").innerText();
    await owner.getByRole("button", { name: "I have it" }).click();
    await owner.getByRole("cell", { name }).first().waitFor();

    const { page: viewer } = await open(browser, link, still);
    await viewer.getByRole("heading", { name: "Choose a password" }).waitFor();
    await lookBoth(viewer, "welcome");
    await viewer.getByLabel("Password", { exact: false }).first().fill(password);
    await viewer.getByRole("button", { name: "Set it and sign in" }).click();
    await viewer.getByRole("heading", { name: "Overview" }).waitFor();
    await viewer.getByRole("link", { name: "Cadences" }).waitFor();
    expect(await viewer.getByRole("link", { name: "Attempts" }).count()).toBe(0);
    await visit(viewer, `${base}/attempts`);
    await viewer.getByRole("heading", { name: "You may not see this" }).waitFor();
    await lookBoth(viewer, "forbidden");
    await visit(viewer, `${base}/settings/users`);
    await viewer.getByRole("heading", { name: "You may not see this" }).waitFor();

    // Sign out and in again, in place.
    await viewer.getByRole("button", { name: /^Account:/ }).click();
    await viewer.getByRole("menuitem", { name: "Sign out" }).click();
    await viewer.getByRole("heading", { name: "Sign in" }).waitFor();
    await lookBoth(viewer, "sign-in");
    await visit(viewer, `${base}/cadences?next=https://example.com//example.com`);
    await viewer.getByLabel("E-mail").fill("viewer@example.test");
    await viewer.getByLabel("Password", { exact: false }).first().fill("not the password");
    await viewer.getByRole("button", { name: "Sign in" }).click();
    await viewer.getByText("The e-mail address or the password is wrong").waitFor();
    await viewer.getByLabel("Password", { exact: false }).first().fill(password);
    await viewer.keyboard.press("Enter");
    await viewer.getByRole("heading", { name: "Cadences" }).waitFor();
    expect(new URL(viewer.url()).origin).toBe(base); // no address leads elsewhere

    // A disabled user is out at once, with the page open.
    await owner.getByRole("button", { name: `Actions for ${name}` }).click();
    await owner.getByRole("menuitem", { name: "Disable" }).click();
    await owner.getByText("Disabled", { exact: true }).waitFor();
    await viewer.reload();
    await viewer.getByRole("heading", { name: "Sign in" }).waitFor();
    await viewer.context().close();
  });

  test("a key is shown once and revoked, and who did all this is kept", async () => {
    const { base, owner } = at();
    await visit(owner, `${base}/settings/keys`);
    await owner.getByRole("button", { name: "Create a key" }).click();
    await owner.getByRole("textbox", { name: "Name" }).fill("crm");
    await owner.getByLabel("See cadences and what blocks them").check();
    await lookBoth(owner, "key");
    await owner.getByRole("button", { name: "Create", exact: true }).click();
    const token = await owner.getByTestId("secret").innerText();
    await owner.getByRole("button", { name: "I have it" }).click();
    const asked = (path: string) => fetch(base + path, { headers: { Authorization: `Bearer ${token}` } });
    expect([(await asked("/v1/cadences")).status, (await asked("/v1/leads")).status]).toEqual([200, 403]);
    await owner.getByRole("button", { name: "Revoke crm" }).click();
    await owner.getByLabel("Type crm to confirm").fill("crm");
    await owner.getByRole("button", { name: "Revoke it" }).click();
    await expect.poll(async () => (await asked("/v1/cadences")).status).toBe(401);
    await visit(owner, `${base}/settings/audit?what=key.`);
    await owner.getByText("key.revoked").waitFor();
  });

  test("a page of another site can neither write, read, nor frame ours", async () => {
    const { base, owner } = at();
    const site = createServer((_, res) => res.writeHead(200, { "Content-Type": "text/html" }).end("<!doctype html><title>Another site</title>"));
    await new Promise<void>((done) => site.listen(0, "127.0.0.1", done));
    const there = await owner.context().newPage(); // it has the owner's session
    const answers: string[] = [];
    there.on("response", (r) => r.request().method() === "POST" && answers.push(`${r.status()} ${new URL(r.url()).pathname}`));
    await there.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}`);
    const read = await there.evaluate(async (to) => {
      const text = (r: Promise<Response>) => r.then((a) => a.text(), () => "refused");
      await text(fetch(`${to}/v1/stop`, { method: "POST", mode: "no-cors", credentials: "include", body: "{}" }));
      document.body.innerHTML = `<iframe src="${to}/ops"></iframe><form method="post" target="frame" enctype="text/plain" action="${to}/v1/resume"><input name='{"a":"' value='x"}'></form><iframe name="frame"></iframe>`;
      document.querySelector("form")?.submit();
      return text(fetch(`${to}/v1/users`, { credentials: "include" }));
    }, base);
    expect(read).toBe("refused");
    await expect.poll(() => answers).toEqual(["403 /v1/resume"]); // of the other one not even the browser is told
    expect(await there.frameLocator("iframe").first().getByRole("heading").count()).toBe(0);
    const now = (await (await owner.request.get(`${base}/v1/overview`)).json()) as { dialing?: { stopped: boolean } };
    expect(now.dialing?.stopped ?? false).toBe(false);
    await there.close();
    await new Promise((done) => site.close(done));
  });
}
