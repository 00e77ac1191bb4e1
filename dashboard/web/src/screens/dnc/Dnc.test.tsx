import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { page } from "../../test/page";

test("looks a number up, marks it and takes the mark off with a reason", async () => {
  const { writes, router } = page("/compliance/dnc");
  await userEvent.type(await screen.findByLabelText("Number"), "+13035550100");
  await userEvent.click(screen.getByRole("button", { name: "Look it up" }));
  expect(await screen.findByText("No mark stands against it.")).toBeDefined();
  expect(router.state.location.search).toEqual({ number: "+13035550100" });
  await userEvent.type(screen.getByLabelText("Reason"), "asked by phone");
  await userEvent.click(screen.getByRole("button", { name: "Do not call any more" }));
  expect(await screen.findByText("Said no to everything")).toBeDefined();
  await userEvent.type(screen.getByLabelText("Reason"), "a mistake");
  await userEvent.click(screen.getByRole("button", { name: "Take off" }));
  expect(await screen.findByText("No mark stands against it.")).toBeDefined();
  expect(writes().map((w) => w.method)).toEqual(["POST", "DELETE"]);
});

test("tells a list's age and the rule that finds it too old", async () => {
  page("/compliance/dnc", { noes: "few" });
  const list = within(await screen.findByText("national").then((e) => e.closest("tr") as HTMLElement));
  expect(await list.findByText("47 days old; us.dnc.national allows 31 days")).toBeDefined();
  expect(list.getByText("5e5e5e5e5e5e")).toBeDefined();
  expect(screen.getByText("6 marks")).toBeDefined();
});

test("imports an edition and says what became of it", async () => {
  const { writes } = page("/compliance/dnc", { noes: "few" });
  await userEvent.click(await screen.findByRole("button", { name: "Import an edition" }));
  const dialog = within(await screen.findByRole("dialog"));
  await userEvent.upload(dialog.getByLabelText(/^File/), new File(["+12125550100\n"], "n.csv", { type: "text/csv" }));
  await userEvent.click(dialog.getByRole("button", { name: "Import" }));
  expect(await dialog.findByText("In force")).toBeDefined();
  expect(dialog.getByText(/1,204 lines taken: 1,180 numbers listed, 20 twice, 4 no numbers/)).toBeDefined();
  expect(writes()[0]?.path).toMatch(/^\/v1\/dnc\/imports\?list=national&as_of=\d{4}-\d{2}-\d{2}$/);
});

test("offers only what one may do", async () => {
  page("/compliance/dnc?number=%2B13035550100", { noes: "few", me: { sign_in: "required", needs_owner: false, kind: "user", name: "Auditor 1", user: null, grants: ["figures.read", "cadences.read", "dnc.read"], zone: null } });
  expect(await screen.findByText("No mark stands against it.")).toBeDefined();
  for (const name of ["Do not call any more", "Import an edition"]) expect(screen.queryByRole("button", { name })).toBeNull();
});
