import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { page } from "../../test/page";

test("shows every part of the report, each with its CSV", async () => {
  page("/reports");
  for (const name of ["Funnel by cadence", "Dispositions", "Attempts to contact", "Contact rate by hour and weekday", "Caller IDs", "What is waiting, and why"])
    expect(await screen.findByRole("region", { name })).toBeDefined();
  expect(screen.getByRole("link", { name: "Dispositions as CSV" }).getAttribute("href")).toBe("/v1/reports/calls/export?last=28d&part=dispositions");
  expect(screen.getByRole("link", { name: "Caller IDs as CSV" }).getAttribute("href")).toBe("/v1/reports/caller-ids/export?last=28d");
});

test("opens a figure to its calls", async () => {
  page("/reports");
  const map = await screen.findByRole("region", { name: "Contact rate by hour and weekday" });
  const monday = within(map).getByRole("link", { name: /^Monday 8:00: [\d.]+%, \d+ of \d+ attempts$/ });
  const to = new URL(monday.getAttribute("href") ?? "", "http://x").searchParams;
  expect([to.get("weekday"), to.get("hour"), to.get("counts")]).toEqual(["1", "8", "attempts"]);
  expect(to.get("from")).toMatch(/^\d{4}-\d\d-\d\dT/);
});

test("shows the steps of one cadence and what holds its leads back", async () => {
  const { world, router } = page("/reports");
  const select = await screen.findByRole("combobox", { name: "Cadence" });
  const one = world.cadences.find((c) => c.name === "Same-day quote");
  await screen.findByRole("option", { name: "Same-day quote" });
  await userEvent.selectOptions(select, one?.id ?? "");
  expect(await screen.findByRole("region", { name: "Funnel by step and run" })).toBeDefined();
  expect(await screen.findByText("touch.not_due")).toBeDefined();
  expect(router.state.location.search).toMatchObject({ cadence: one?.id });
});

test("compares with the time before, of the same length", async () => {
  const { sent } = page("/reports?compare=before&last=7d");
  const sums = await screen.findByRole("region", { name: "Sums of the report" });
  expect(await within(sums).findAllByText(/Dec 23, \d\d:5\d – Dec 30, \d\d:5\d/)).toHaveLength(5);
  const asked = sent.map((s) => new URL(s.path, "http://x")).find((u) => u.pathname === "/v1/reports/calls" && u.searchParams.has("from"));
  expect(Date.parse(asked?.searchParams.get("to") ?? "") - Date.parse(asked?.searchParams.get("from") ?? "")).toBe(7 * 86_400_000);
});

test("has every graph as a table", async () => {
  page("/reports?view=table");
  for (const name of ["Funnel by cadence", "Dispositions", "Attempts to contact", "Contact rate by hour and weekday", "Caller IDs"])
    expect(within(await screen.findByRole("region", { name })).getByRole("table")).toBeDefined();
});

test("teaches when no call is over", async () => {
  page("/reports", { cadences: "none" });
  expect(await screen.findByRole("heading", { name: "No call in this time" })).toBeDefined();
});

test("the choice of dates goes with the dates", async () => {
  const { router } = page("/reports?from=2026-01-01&to=2026-01-05");
  expect(await screen.findByLabelText("From")).toHaveProperty("value", "2026-01-01");
  await router.navigate({ to: "/reports", search: {} });
  await waitFor(() => expect(screen.queryByLabelText("From")).toBeNull());
  expect(screen.getByLabelText("Time")).toHaveProperty("value", "28d");
});
