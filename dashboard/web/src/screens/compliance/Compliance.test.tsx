import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { page } from "../../test/page";
import { asked, trySearch } from "./trying";

test("shows every rule with source, dates and what to do, and filters through the address", async () => {
  const { router } = page("/compliance");
  expect(await screen.findByText("16 CFR 310.4(c)", { exact: false, selector: "[data-rule='us.tsr.hours'] *" })).toBeDefined();
  expect(screen.getByText("1 review overdue")).toBeDefined();
  await userEvent.selectOptions(screen.getByLabelText("Place"), "US-TX");
  await waitFor(() => expect(document.querySelector("[data-rule='us.fl.hours']")).toBeNull());
  expect(screen.getByText("Not in force today")).toBeDefined();
  expect(router.state.location.search).toEqual({ place: "US-TX" });
});

test("shows which campaigns abandon too many calls, the worst first, each with its calls", async () => {
  page("/compliance");
  const table = within(await screen.findByRole("table", { name: "Abandoned calls by campaign" }));
  expect(table.getAllByRole("row").slice(1).map((r) => r.getAttribute("data-campaign"))).toEqual(["Same-day quote", "", "Regional follow-up with a rather long campaign name", "Five touches in six days", "Renewal reminder"]);
  expect(table.getByText("Waits until its day ends")).toBeDefined();
  expect(table.getByText("54.4% with the 2,210 that were put through late")).toBeDefined();
  expect(table.getByRole("link", { name: "33" }).getAttribute("href")).toMatch(/^\/attempts\?campaign=Five\+touches\+in\+six\+days&from=2025-12-07T.*&counts=abandoned$/);
});

test("without packs it says that nothing is dialed", async () => {
  page("/compliance", { rules: "none" });
  expect(await screen.findByText("No rule packs are in force: nothing is dialed")).toBeDefined();
  expect(screen.getByText(/no minute of a week is left/)).toBeDefined();
});

test("judges a number at a time, and shows the whole trace with what ends it", async () => {
  const { router, writes } = page("/compliance/try");
  expect(await screen.findByRole("heading", { name: "Type a number" })).toBeDefined();
  await userEvent.type(screen.getByLabelText(/^Number/), "1303");
  await userEvent.click(screen.getByRole("button", { name: "Judge it" }));
  expect(screen.getByText("With + and country code")).toBeDefined();
  expect(writes()).toEqual([]);
  await userEvent.clear(screen.getByLabelText(/^Number/));
  await userEvent.type(screen.getByLabelText(/^Number/), "+1 303 555 0100");
  await userEvent.selectOptions(screen.getByLabelText("Who speaks"), "prerecorded");
  await userEvent.click(screen.getByRole("button", { name: "Judge it" }));
  expect(await screen.findByText("It does not become allowed by itself.", { exact: false })).toBeDefined();
  const voice = document.querySelector("[data-check='us.fcc.ai-voice.sales']") as HTMLElement;
  expect(within(voice).getByText("record the person's consent with its date and proof")).toBeDefined();
  expect(router.state.location.search).toMatchObject({ number: "+13035550100", voice: "prerecorded" });
  expect(JSON.parse(writes()[0]?.body ?? "{}")).toEqual({ number: "+13035550100", voice: "prerecorded" });
});

test("reads a question from the address, and what a cadence says goes before", () => {
  expect(trySearch({ number: 13035550100, purpose: "sales", cadence: `cd_${"a".repeat(26)}`, at: "noon", consents: ["express", "never"] })).toMatchObject({ number: "+13035550100", purpose: undefined, at: undefined, consents: ["express"] });
  expect(asked({ number: "+13035550100", zone: "UTC" })).toMatchObject({ number: "+13035550100", zone: undefined });
  expect(asked({})).toBeUndefined();
});

test("clearing the filters empties the search, too", async () => {
  page("/compliance?q=zzz");
  const field = await screen.findByLabelText("Search");
  expect(field).toHaveProperty("value", "zzz");
  await userEvent.click(await screen.findByRole("button", { name: "Clear the filters" }));
  await waitFor(() => expect(field).toHaveProperty("value", ""));
});
