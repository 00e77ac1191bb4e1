import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import type { Scene } from "../../e2e/mock/world";
import { setSingleKeys } from "../keys/registry";
import { page } from "../test/page";

afterEach(() => setSingleKeys(true));

const opened = async () => {
  await userEvent.keyboard("{Control>}k{/Control}");
  const box = await screen.findByRole("dialog", { name: "Command palette" });
  return { box, input: within(box).getByRole("combobox", { name: "Pages, records and actions" }) };
};
const options = (box: HTMLElement) => within(box).getAllByRole("option").map((o) => o.textContent);

test("finds records, and Enter opens the first", async () => {
  const { router } = page("/cadences");
  await screen.findByRole("heading", { name: "Cadences" });
  const { box, input } = await opened();
  await userEvent.type(input, "lead 00002");
  await within(box).findByRole("option", { name: /^Lead 00002/ });
  await waitFor(() => expect(within(box).getByRole("option", { selected: true }).textContent).toMatch(/^Lead 00002/));
  expect(input.getAttribute("aria-activedescendant")).toBe(within(box).getByRole("option", { selected: true }).id);
  await userEvent.keyboard("{Enter}");
  await waitFor(() => expect(router.state.location.pathname).toMatch(/^\/leads\/ld_/));
});

test("what can be done here comes first, and what may not be done is not there", async () => {
  const scene: Scene = { me: { sign_in: "required", needs_owner: false, kind: "user", name: "Viewer 1", user: { id: "us_1", name: "Viewer 1", email: "v@example.test", role: "viewer" }, grants: ["figures.read", "cadences.read"], zone: null } };
  page("/cadences", scene);
  await screen.findByRole("heading", { name: "Cadences" });
  const { box } = await opened();
  const all = options(box);
  expect(all[0]).toMatch(/^Search in this list/);
  for (const wanted of ["Overview", "Sign out", "Keyboard shortcuts"]) expect(all.some((o) => o?.startsWith(wanted)), wanted).toBe(true);
  for (const other of ["New cadence", "Import leads", "Stop all dialing", "Leads", "Users"]) expect(all.some((o) => o?.startsWith(other)), other).toBe(false);
});

test("opens by / too, finds a page by another word, and an attempt by its id in a link", async () => {
  const { world, router } = page("/");
  await screen.findByRole("heading", { name: "Overview" });
  await userEvent.keyboard("/");
  const box = await screen.findByRole("dialog", { name: "Command palette" });
  const input = within(box).getByRole("combobox");
  await userEvent.type(input, "caller ids");
  await waitFor(() => expect(options(box)[0]).toMatch(/^Numbers/));
  await userEvent.clear(input);
  await userEvent.click(input);
  await userEvent.paste(`https://calls.example.com/attempts/${world.attempts[0]?.id}`);
  await waitFor(() => expect(options(box)).toHaveLength(1));
  await userEvent.keyboard("{Enter}");
  await waitFor(() => expect(router.state.location.pathname).toBe(`/attempts/${world.attempts[0]?.id}`));
});

test("keys go to pages and are listed as they are registered; switched off, only the palette's stay", async () => {
  const { router } = page("/");
  await screen.findByRole("heading", { name: "Overview" });
  await userEvent.keyboard("gl");
  await waitFor(() => expect(router.state.location.pathname).toBe("/leads"));
  await screen.findByLabelText("Choose Lead 00002");
  await userEvent.keyboard("?");
  const help = await screen.findByRole("dialog", { name: "Keyboard shortcuts" });
  for (const label of ["Search in this list", "Next row", "Choose the row in focus, or not", "Templates"]) expect(within(help).getByText(label)).toBeDefined();
  await userEvent.click(within(help).getByLabelText(/^Single keys do something/));
  await userEvent.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  await userEvent.keyboard("gc");
  expect(router.state.location.pathname).toBe("/leads");
  await opened();
});

test("rows are gone through and chosen by keys, but not while somebody types", async () => {
  page("/leads");
  const box = (await screen.findByLabelText("Choose Lead 00002")) as HTMLInputElement;
  await userEvent.type(screen.getByLabelText("Search"), "jx");
  expect(document.activeElement).toBe(screen.getByLabelText("Search"));
  await userEvent.clear(screen.getByLabelText("Search"));
  (document.activeElement as HTMLElement).blur();
  await screen.findByLabelText("Choose Lead 00002");
  await userEvent.keyboard("jjx");
  await waitFor(() => expect((screen.getByLabelText("Choose Lead 00002") as HTMLInputElement).checked).toBe(true));
  expect(box).toBeDefined();
  await userEvent.keyboard("e");
  expect(await screen.findByRole("dialog", { name: "Enroll 1 lead" })).toBeDefined();
});

test("every page names the one zone that its times are of", async () => {
  const { unmount } = page("/lists");
  expect(await screen.findByText("Times of America/New_York")).toBeDefined();
  await screen.findByText(/^\d+ lists?.* Today ends .* E[SD]T\.$/);
  unmount();
  page("/lists", { demo: false });
  expect(await screen.findByText(`Times of ${Intl.DateTimeFormat().resolvedOptions().timeZone}`)).toBeDefined();
});
