import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { page } from "../../test/page";

test("a key is revoked only when its name is typed: nothing brings it back", async () => {
  const { writes } = page("/settings/keys");
  const [button] = await screen.findAllByRole("button", { name: /^Revoke / });
  const name = button?.getAttribute("aria-label")?.slice("Revoke ".length) ?? "";
  await userEvent.click(button as HTMLElement);
  const dialog = within(await screen.findByRole("dialog", { name: `Revoke “${name}”?` }));
  expect(writes()).toEqual([]);
  await userEvent.type(dialog.getByLabelText(`Type ${name} to confirm`), `${name}{Enter}`);
  await waitFor(() => expect(writes().map((w) => w.method)).toEqual(["DELETE"]));
});

test("users that were loaded stay when asking for them again fails", async () => {
  const scene: { failing?: number } = {};
  page("/settings/users", scene);
  await screen.findByText("Viewer 1");
  scene.failing = 500;
  await userEvent.click(screen.getByRole("button", { name: "Actions for Viewer 1" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "Sign out everywhere" }));
  expect(await screen.findByText(/^These figures are from/)).toBeDefined();
  expect(screen.getByText("Viewer 1")).toBeDefined();
});

test("the filters of the audit log follow the address", async () => {
  const { router } = page("/settings/audit?who=Manager");
  const who = await screen.findByLabelText("Who");
  expect(who).toHaveProperty("value", "Manager");
  fireEvent.change(screen.getByLabelText("What"), { target: { value: "key." } });
  await userEvent.click(screen.getByRole("button", { name: "Filter" }));
  await waitFor(() => expect(router.state.location.search).toEqual({ who: "Manager", what: "key." }));
  router.history.back();
  await waitFor(() => expect(screen.getByLabelText("What")).toHaveProperty("value", ""));
});
