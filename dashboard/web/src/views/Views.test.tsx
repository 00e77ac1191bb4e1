import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { page } from "../test/page";
import { kept, shows } from "./search";

const openMenu = async (name: RegExp) => userEvent.click(await screen.findByRole("button", { name }));

test("a view keeps what is set, and shows whether it was changed since", () => {
  expect(kept({ q: "a", list: undefined, view: "vw_x", cols: ["number"] })).toEqual({ q: "a", cols: ["number"] });
  expect(shows({ sort: "name", q: "a", view: "vw_x" }, { search: { q: "a", sort: "name" } })).toBe(true);
  expect(shows({ q: "a" }, { search: { q: "a", sort: "name" } })).toBe(false);
});

test("opens a view, tells that it was changed, updates it, and takes that back", async () => {
  const p = page("/leads");
  await openMenu(/^Saved views$/);
  await userEvent.click(await screen.findByRole("menuitem", { name: /^Called longest ago/ }));
  await waitFor(() => expect(p.router.state.location.search).toMatchObject({ called: "ever", sort: "called", cols: ["number", "called"] }));
  expect(p.sent.some((s) => s.path.startsWith("/v1/leads?sort=called&called=ever"))).toBe(true);
  expect(await screen.findByRole("button", { name: "View: Called longest ago" })).toBeDefined();
  await userEvent.selectOptions(screen.getByLabelText("Order"), "-called");
  expect(await screen.findByRole("button", { name: "View: Called longest ago, changed" })).toBeDefined();
  await openMenu(/^Manage the view/);
  await userEvent.click(await screen.findByRole("menuitem", { name: "Update it to what is shown" }));
  await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
  await waitFor(() => expect(p.writes().map((w) => JSON.parse(w.body).search.sort)).toEqual(["-called", "called"]));
});

test("saves what is shown under a name, and says at the field why not", async () => {
  const p = page("/cadences?status=active");
  await openMenu(/^Saved views$/);
  await userEvent.click(await screen.findByRole("menuitem", { name: "Save what is shown as a view…" }));
  await userEvent.type(within(await screen.findByRole("dialog")).getByLabelText(/^Name/), "Running{Enter}");
  expect(await screen.findByRole("button", { name: "View: Running" })).toBeDefined();
  expect(JSON.parse(p.writes()[0]?.body ?? "")).toEqual({ page: "cadences", name: "Running", search: { status: "active" } });
  await openMenu(/^View: Running$/);
  await userEvent.click(await screen.findByRole("menuitem", { name: "Save what is shown as a view…" }));
  await userEvent.type(within(await screen.findByRole("dialog")).getByLabelText(/^Name/), "Running{Enter}");
  expect(await screen.findByText("There is already a view named Running on this page.")).toBeDefined();
});

test("a page opens with the preferred view, and clearing the filters shows everything", async () => {
  const first = page("/leads");
  await openMenu(/^Saved views$/);
  await userEvent.click(await screen.findByRole("menuitem", { name: /^Never called/ }));
  await openMenu(/^Manage the view/);
  await userEvent.click(await screen.findByRole("menuitem", { name: "Open the page with it" }));
  await waitFor(() => expect(first.world.views.answer("GET", "", "", new URLSearchParams("page=leads"), "")[1]).toMatchObject({ items: [{ name: "Never called", default: true }, {}] }));
  await first.router.navigate({ to: "/cadences" });
  await screen.findByRole("heading", { name: "Cadences" });
  await first.router.navigate({ to: "/leads" });
  await waitFor(() => expect(first.router.state.location.search).toMatchObject({ called: "never", sort: "-created" }));
  await first.router.navigate({ to: "/leads", search: {} });
  await waitFor(() => expect(first.router.state.location.search).toEqual({}));
  await screen.findByRole("button", { name: "Saved views" });
});

test("a view goes only when its name is typed", async () => {
  const p = page("/leads");
  await openMenu(/^Saved views$/);
  await userEvent.click(await screen.findByRole("menuitem", { name: /^Never called/ }));
  await openMenu(/^Manage the view/);
  await userEvent.click(await screen.findByRole("menuitem", { name: "Delete…" }));
  const box = await screen.findByRole("dialog");
  expect(within(box).getByRole("button", { name: "Delete view" })).toHaveProperty("disabled", true);
  await userEvent.type(within(box).getByLabelText("Type Never called to confirm"), "never called{Enter}");
  await screen.findByText("View “Never called” is deleted");
  await waitFor(() => expect(p.router.state.location.search).toEqual({ called: "never", sort: "-created" }));
});
