import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { page } from "../../test/page";

test("checks the account when asked, and says what to do", async () => {
  const { writes } = page("/settings/server", { machine: "ill" });
  await userEvent.click(await screen.findByRole("button", { name: "Check it now" }));
  expect(await screen.findByText("2 findings to look at")).toBeDefined();
  expect(screen.getByText("Buy the number, or verify it as an outgoing caller ID.")).toBeDefined();
  expect(writes().map((w) => w.path)).toEqual(["/v1/account/check"]);
});

test("lists what is kept how long, and the configuration without secrets", async () => {
  page("/settings/server");
  expect(await screen.findByText("7 d; then a call keeps what its row tells")).toBeDefined();
  await userEvent.click(screen.getByLabelText("Only what differs from the default"));
  const table = within(screen.getByRole("region", { name: "Configuration" }));
  expect(table.queryByText("dial.spend_cap")).toBeNull();
  expect(table.getByText("(set)", { exact: false })).toBeDefined();
  await userEvent.type(screen.getByLabelText("Search"), "zzz");
  expect(screen.getByText("No key matches")).toBeDefined();
});

test("only looks where one may not check", async () => {
  page("/settings/server", { me: { sign_in: "required", needs_owner: false, kind: "user", name: "Ops 1", user: null, grants: ["figures.read", "ops.read"], zone: null } });
  expect(await screen.findByText(/It takes the grant ops.manage/)).toBeDefined();
  expect(screen.queryByRole("button", { name: "Check it now" })).toBeNull();
});
