import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { FakeStream } from "../../test/FakeStream";
import { page } from "../../test/page";

const figure = (name: string) => document.querySelector(`[data-figure="${name}"]`)?.textContent;

test("shows the server's figures with their definitions", async () => {
  const { world } = page("/");
  await screen.findByRole("heading", { name: "Performance by type" });
  expect(figure("Total cadences")).toBe(String(world.overview().total_cadences));
  expect(figure("Average steps")).toBe("4.5");
  expect(screen.getByRole("button", { name: /^Contact rate: Contacts ÷ attempts/ })).toBeDefined();
  expect(await screen.findByText(/^Tue, Jan 6, 2026, 09:5\d EST · 60× real time$/)).toBeDefined();
});

test("compares a period with the one before it, by name", async () => {
  const { sent } = page("/");
  await screen.findByRole("heading", { name: "Performance by type" });
  expect(sent.some((s) => s.path === "/v1/overview?last=7d")).toBe(true);
  const card = document.querySelector('[data-figure="Contact rate"]')?.parentElement;
  expect(card?.textContent).toMatch(/[\d.]+ points (above|below) [\d.]+% of Dec 23, 09:5\d – Dec 30, 09:5\d EST/);
  expect(within(card as HTMLElement).getByRole("link").getAttribute("href")).toMatch(/^\/attempts\?counts=contacts&from=2025-12-30T/);
});

test("moves with the stream without asking again", async () => {
  const { world, sent } = page("/?period=all");
  await screen.findByRole("heading", { name: "Performance by type" });
  const asked = sent.length;
  const f = world.frame();
  act(() => FakeStream.open?.send({ ...f, attempts: 1000, contacts: 250, conversions: 50, ringing: 77 }));
  expect(figure("Contact rate")).toBe("25.0%");
  expect(figure("Conversion rate")).toBe("20.0%");
  expect(figure("Ringing")).toBe("77");
  expect(sent.length).toBe(asked);
});

test("asks again for figures when the stream says that they changed, but not on every frame", async () => {
  const { world, sent } = page("/");
  await screen.findByRole("heading", { name: "Performance by type" });
  const asked = () => sent.filter((s) => s.path === "/v1/overview?last=7d").length;
  const f = world.frame();
  const change = (attempts: number) => act(() => FakeStream.open?.send({ ...f, changed: { ...f.changed, attempts } }));
  change(100);
  expect(asked()).toBe(1);
  change(101);
  await waitFor(() => expect(asked()).toBe(2));
  change(102);
  change(103);
  await new Promise((soon) => setTimeout(soon, 300));
  expect(asked()).toBe(2);
  await waitFor(() => expect(asked()).toBe(3), { timeout: 4000 });
});

test("stops everything after one question, says who and why, and resumes", async () => {
  const { world, writes } = page("/");
  await userEvent.click(await screen.findByRole("button", { name: "Stop all calls…" }));
  await userEvent.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(writes()).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: "Stop all calls…" }));
  const question = await screen.findByRole("dialog", { name: "Stop all dialing?" });
  await userEvent.type(within(question).getByLabelText("Reason"), "a wrong script");
  await userEvent.click(within(question).getByRole("button", { name: "Stop dialing now" }));
  expect(await screen.findByText("Dialing is stopped")).toBeDefined();
  act(() => FakeStream.open?.send(world.frame()));
  expect(screen.getByText(/^Not dialing: stopped through the API: a wrong script, since Tue, Jan 6, 2026, \d\d:\d\d EST$/)).toBeDefined();
  expect(screen.queryByRole("dialog")).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Resume dialing…" }));
  await userEvent.click(within(await screen.findByRole("dialog", { name: "Resume dialing?" })).getByRole("button", { name: "Resume dialing" }));
  await waitFor(() => expect(world.stopped).toBe(false));
  expect(writes().map((w) => w.path + w.body)).toEqual(['/v1/stop{"reason":"a wrong script"}', "/v1/resume"]);
});

test("opens a type to its cadences and keeps it in the address", async () => {
  const { router } = page("/");
  await userEvent.click(await screen.findByRole("button", { name: /^Phone number/, expanded: false }));
  expect(await screen.findByRole("link", { name: "Same-day quote" })).toBeDefined();
  expect(router.state.location.search).toMatchObject({ open: ["number"] });
});

test("every bar opens the calls that it was counted from", async () => {
  page("/?status=active&open=%5B%22number%22%5D");
  const type = await screen.findByRole("link", { name: /^Contact of Phone number: / });
  expect(type.getAttribute("href")).toMatch(/^\/attempts\?from=2025-12-30T.*&to=2026-01-06T.*&cadence_status=active&type=number&counts=contacts$/);
  const one = screen.getByRole("link", { name: /^Conversion of Same-day quote: / });
  expect(one.getAttribute("href")).toMatch(/^\/attempts\?from=.*&to=.*&cadence=cd_[a-z2-7]{26}&counts=conversions$/);
  expect(screen.getByRole("link", { name: "Talking: show them" }).getAttribute("href")).toBe("/attempts?state=live");
});

test("has the chart's figures in a table, of one status when asked", async () => {
  page("/?view=table&status=archived");
  const table = await screen.findByRole("table");
  expect(within(table).getByRole("link", { name: "Autumn open house" })).toBeDefined();
  expect(within(table).queryByRole("link", { name: "Same-day quote" })).toBeNull();
});

test("teaches when there is nothing", async () => {
  page("/", { cadences: "none" });
  expect(await screen.findByRole("heading", { name: "No cadence yet" })).toBeDefined();
  await userEvent.click(screen.getByRole("button", { name: "Import a cadence" }));
  expect(await screen.findByRole("dialog", { name: "Import a cadence" })).toBeDefined();
});

test("says what failed and asks again", async () => {
  const scene = { failing: 500 as number | undefined };
  page("/", scene);
  expect(await screen.findByText("The ledger is being repaired.")).toBeDefined();
  scene.failing = undefined;
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("heading", { name: "Performance by type" })).toBeDefined();
});

test("inactive cadences can be looked at alone", async () => {
  const { router } = page("/?view=table");
  await userEvent.click(await screen.findByRole("radio", { name: "Inactive" }));
  await waitFor(() => expect(router.state.location.search).toEqual({ view: "table", status: "inactive" }));
  expect(screen.getByRole("link", { name: "Appointment confirmation" })).toBeDefined();
  expect(screen.queryByRole("link", { name: "Same-day quote" })).toBeNull();
});
