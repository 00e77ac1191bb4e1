import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { idOf } from "../../../e2e/mock/cadences";
import { page } from "../../test/page";

test("lists who rehearsed which step when, and what came of it; one opens to its story", async () => {
  page("/rehearsals");
  const rows = within(await screen.findByRole("table", { name: "Rehearsals" })).getAllByRole("row").slice(1);
  expect(rows.map((r) => r.getAttribute("data-rehearsal"))).toEqual([70, 71, 72, 73].map((n) => idOf("rh", n)));
  expect(within(rows[0]!).getByText("Answered, 39 s")).toBeDefined();
  expect(within(rows[0]!).getByText("call-1 of the draft")).toBeDefined();
  expect(within(rows[1]!).getByText("Nobody answered")).toBeDefined();
  expect(within(rows[2]!).getByText("No call was placed: the law's hours.")).toBeDefined();
  expect(within(rows[3]!).getByText("The code of a new number")).toBeDefined();
  await userEvent.click(within(rows[0]!).getAllByRole("link")[0]!);
  expect(await screen.findByText("The carrier took the call")).toBeDefined();
  expect(screen.getByText("It was answered and lasted 39 s.")).toBeDefined();
});

test("has the staff numbers on a page of their own", async () => {
  page("/settings/staff");
  const list = within(await screen.findByRole("list", { name: "Staff numbers" }));
  expect(list.getByText("Verified")).toBeDefined();
  expect(list.getByText(/the call says 204 118/)).toBeDefined();
  expect(screen.getByRole("link", { name: "Rehearsals" })).toBeDefined();
});

test("says what a rehearsal is where there was none", async () => {
  page("/rehearsals", { rehearsals: "none" });
  expect(await screen.findByText("Nothing was rehearsed yet")).toBeDefined();
});
