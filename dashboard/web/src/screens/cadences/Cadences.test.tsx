import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { idOf } from "../../../e2e/mock/cadences";
import type { Scene } from "../../../e2e/mock/world";
import { page } from "../../test/page";
import { withItem } from "./useActive";

const toggle = (name: string) => screen.findByRole("switch", { name: `${name}: active` }) as Promise<HTMLInputElement>;
const menu = async (name: string) => {
  await userEvent.click(await screen.findByRole("button", { name: `Actions for ${name}` }));
  return (await screen.findAllByRole("menuitem")).map((i) => i.textContent);
};

test("switches a cadence off with one keyed request", async () => {
  const { world, writes } = page("/cadences");
  await userEvent.click(await toggle("Same-day quote"));
  await waitFor(() => expect(world.cadences.find((c) => c.name === "Same-day quote")?.status).toBe("inactive"));
  expect((await toggle("Same-day quote")).checked).toBe(false);
  expect(writes().length).toBe(1);
  expect(writes()[0]?.path).toMatch(/^\/v1\/cadences\/cd_[a-z2-7]{26}\/deactivate$/);
  expect(writes()[0]?.key).toMatch(/^[0-9a-f]{32}$/);
});

test("shows the end at once, goes back when the server refuses, and says why", async () => {
  const scene: Scene = {};
  let answer = () => {};
  page("/cadences", scene, new Promise((open) => (answer = open)));
  await userEvent.click(await toggle("Appointment confirmation"));
  await waitFor(async () => expect((await toggle("Appointment confirmation")).checked).toBe(true));
  scene.failing = 500; // so that only the way back, and no new answer, can mend the row
  answer();
  expect(await screen.findByText("“Appointment confirmation” is still not active")).toBeDefined();
  expect(screen.getByText(/caller-ID pool “confirmations” is empty/)).toBeDefined();
  await waitFor(async () => expect((await toggle("Appointment confirmation")).checked).toBe(false));
});

test("an unpublished cadence cannot be switched on", async () => {
  const { writes } = page("/cadences");
  const t = await toggle("Win back after a year");
  expect(t.getAttribute("aria-disabled")).toBe("true");
  await userEvent.click(t);
  expect(writes()).toEqual([]);
});

test("the change of one row leaves the others and other pages alone", () => {
  const { world } = page("/cadences");
  const items = world.page(new URLSearchParams()).items;
  const pages = { pages: [{ as_of: "", items, next: null }], pageParams: [undefined] };
  const id = items[1]?.id ?? "";
  const after = withItem(pages, id, { status: "archived" });
  expect(after?.pages[0]?.items.map((c) => c.status === "archived")).toEqual(items.map((c) => c.id === id || c.status === "archived"));
  expect(after?.pages[0]?.items[0]).toBe(items[0]);
});

test("a menu offers what the status allows", async () => {
  page("/cadences");
  const common = ["Duplicate", "Export JSON", "Export with its transitions"];
  expect(await menu("Same-day quote")).toEqual(["Edit", ...common, "Stop its calls now", "Delete…"]);
  await userEvent.keyboard("{Escape}");
  expect(await menu("Renewal reminder")).toEqual(["Edit", ...common, "Resume its calls", "Delete…"]);
  await userEvent.keyboard("{Escape}");
  expect(await menu("Win back after a year")).toEqual(["Edit", "Publish the draft", ...common, "Archive", "Delete…"]);
});

test("deletes only after asking, and says why when refused", async () => {
  const { world } = page("/cadences");
  await menu("Autumn open house");
  await userEvent.click(screen.getByRole("menuitem", { name: "Delete…" }));
  const dialog = await screen.findByRole("dialog", { name: "Delete “Autumn open house”?" });
  expect(world.cadences.some((c) => c.name === "Autumn open house")).toBe(true);
  expect(within(dialog).getByRole("button", { name: "Delete cadence" })).toHaveProperty("disabled", true);
  await userEvent.type(within(dialog).getByLabelText("Type Autumn open house to confirm"), "autumn open house{Enter}");
  expect(await screen.findByText("Leads have entered this cadence. Archive it instead.")).toBeDefined();
  expect(world.cadences.some((c) => c.name === "Autumn open house")).toBe(true);
});

test("filters come from the address and go into it", async () => {
  const { router, sent } = page("/cadences?status=draft");
  await toggle("Win back after a year");
  expect(screen.queryByText("Same-day quote")).toBeNull();
  expect(sent.some((s) => s.path.startsWith("/v1/cadences?status=draft&limit=100"))).toBe(true);
  await userEvent.type(screen.getByLabelText("Search cadences"), "survey");
  await waitFor(() => expect(router.state.location.search).toEqual({ status: "draft", q: "survey" }));
  await waitFor(() => expect(screen.queryByText("Win back after a year")).toBeNull());
});

test("nothing found differs from nothing there", async () => {
  page("/cadences?q=zzz");
  await userEvent.click(await screen.findByRole("button", { name: "Clear the filters" }));
  await toggle("Same-day quote");
});

test("audience and channel are filters of the address too", async () => {
  const { router, sent } = page("/cadences?channel=call");
  await toggle("Same-day quote");
  expect(sent.some((s) => s.path.startsWith("/v1/cadences?channel=call&limit=100"))).toBe(true);
  await userEvent.selectOptions(screen.getByLabelText("Audience"), "view");
  await waitFor(() => expect(router.state.location.search).toEqual({ channel: "call", audience: "view" }));
});

test("what can be taken back is, by a click or a key, and a way back has no way back", async () => {
  const { world, writes } = page("/cadences");
  const status = () => world.cadences.find((c) => c.name === "Same-day quote")?.status;
  await userEvent.click(await toggle("Same-day quote"));
  await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
  await waitFor(() => expect(status()).toBe("active"));
  await waitFor(() => expect(screen.queryByRole("button", { name: "Undo" })).toBeNull());
  await menu("Win back after a year");
  await userEvent.click(screen.getByRole("menuitem", { name: "Archive" }));
  await screen.findByText("“Win back after a year” is archived");
  await waitFor(() => expect(screen.queryByRole("menu")).toBeNull());
  await userEvent.keyboard("z");
  await screen.findByText("“Win back after a year” is back");
  expect(writes().map((w) => w.path.split("/").at(-1))).toEqual(["deactivate", "activate", "archive", "unarchive"]);
  expect(world.cadences.find((c) => c.name === "Win back after a year")?.status).toBe("draft");
});

const viewer: Scene = { me: { sign_in: "required", needs_owner: false, kind: "user", name: "Viewer 1", user: null, grants: ["figures.read", "cadences.read"], zone: null } };

test("whoever may only look is offered nothing else", async () => {
  page("/cadences", viewer);
  const t = await toggle("Same-day quote");
  expect(t.getAttribute("aria-disabled")).toBe("true");
  expect(await menu("Same-day quote")).toEqual(["Export JSON", "Export with its transitions"]);
  for (const name of ["Create cadence", "Import"]) expect(screen.queryByRole("button", { name })).toBeNull();
});

test("the editor is not drawn for whoever may not edit", async () => {
  const { writes } = page(`/cadences/${idOf("cd", 1)}/edit`, viewer);
  expect(await screen.findByRole("heading", { name: "You may not edit cadences" })).toBeDefined();
  expect(screen.queryByRole("button", { name: "Publish…" })).toBeNull();
  expect(writes()).toEqual([]);
});

test("a space that was typed stays, for a word may follow", async () => {
  const { router } = page("/cadences");
  const field = await screen.findByLabelText("Search cadences");
  await userEvent.type(field, "survey ");
  await waitFor(() => expect(router.state.location.search).toEqual({ q: "survey" }));
  await userEvent.type(field, "after");
  expect(field).toHaveProperty("value", "survey after");
});

test("what was published and never switched on is no draft any more", async () => {
  const { world } = page("/cadences");
  await menu("Win back after a year");
  await userEvent.click(screen.getByRole("menuitem", { name: "Publish the draft" }));
  expect(await screen.findByText("Published, off")).toBeDefined();
  expect(world.cadences.find((c) => c.name === "Win back after a year")?.status).toBe("draft");
  expect((await toggle("Win back after a year")).getAttribute("aria-disabled")).toBeNull();
});
