import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { hostile } from "../../../e2e/mock/attempts";
import { FakeStream } from "../../test/FakeStream";
import { page } from "../../test/page";

const shown = () => [...document.querySelectorAll("[data-attempt]")].map((r) => r.getAttribute("data-attempt"));

test("new calls wait above the list until they are asked for", async () => {
  const { world } = page("/attempts");
  await waitFor(() => expect(shown().length).toBe(18));
  act(() => FakeStream.open?.send(world.frame()));
  const before = shown();
  world.dial();
  world.dial();
  act(() => FakeStream.open?.send(world.frame()));
  const more = await screen.findByRole("button", { name: "2 new" });
  expect(shown()).toEqual(before);
  await userEvent.click(more);
  await waitFor(() => expect(shown().length).toBe(20));
  expect(shown().slice(2)).toEqual(before);
});

test("paused, it asks for nothing", async () => {
  const { world, sent } = page("/attempts");
  await waitFor(() => expect(shown().length).toBe(18));
  await userEvent.click(screen.getByRole("button", { name: "Pause" }));
  act(() => FakeStream.open?.send(world.frame()));
  world.dial();
  act(() => FakeStream.open?.send(world.frame()));
  const asked = sent.filter((s) => s.path.startsWith("/v1/attempts")).length;
  await waitFor(() => expect(sent.filter((s) => s.path === "/v1/overview").length).toBeGreaterThan(1));
  expect(sent.filter((s) => s.path.startsWith("/v1/attempts")).length).toBe(asked);
  expect(screen.queryByRole("button", { name: /new$/ })).toBeNull();
});

test("filters live in the address", async () => {
  const { router, sent } = page("/attempts?disposition=BUSY");
  await waitFor(() => expect(shown().length).toBe(2));
  await userEvent.selectOptions(await screen.findByLabelText("Disposition"), "SALE");
  await waitFor(() => expect(router.state.location.search).toEqual({ disposition: "SALE" }));
  await userEvent.type(screen.getByLabelText("Caller ID"), "+1 303 555 0100{Enter}");
  await waitFor(() => expect(sent.at(-1)?.path).toContain("caller_id=%2B13035550100"));
  await userEvent.click(screen.getByRole("button", { name: "Clear the filters" }));
  await waitFor(() => expect(shown().length).toBe(18));
});

test("names stay names", async () => {
  page("/attempts", { attempts: "many" });
  expect(await screen.findAllByText(hostile[0] ?? "")).not.toEqual([]);
  expect(document.querySelector("[data-attempt] img, [data-attempt] script")).toBeNull();
});

test("tells one call: what happened, why it was called, how its caller ID was chosen", async () => {
  const { world } = page("/attempts");
  await waitFor(() => expect(shown().length).toBe(18));
  const sale = world.attempts.findIndex((a) => a.disposition === "SALE");
  await userEvent.click(document.querySelectorAll("[data-attempt] a")[sale] as Element);
  expect(await screen.findByText("Answered")).toBeDefined();
  expect(screen.getByRole("heading", { name: "Why it was called" })).toBeDefined();
  expect(screen.getByText("1 of 3 calls within 24 hours")).toBeDefined();
  expect(screen.getByText("The one of the pool “default” that had rested longest.")).toBeDefined();
});

test("says that the log was trimmed", async () => {
  const { world } = page("/");
  const old = world.attempts.at(-1)?.id;
  page(`/attempts/${old}`);
  expect(await screen.findByText(/The log is kept for 7 days/)).toBeDefined();
  expect(await screen.findByText("The call was allowed and made durable")).toBeDefined();
});

test("paused, another filter is still shown", async () => {
  page("/attempts");
  await waitFor(() => expect(shown().length).toBe(18));
  await userEvent.click(screen.getByRole("button", { name: "Pause" }));
  await userEvent.selectOptions(await screen.findByLabelText("Disposition"), "BUSY");
  await waitFor(() => expect(shown().length).toBe(2));
});

test("how long ago a call was is told anew while its row stays the same", async () => {
  const { world } = page("/attempts");
  await waitFor(() => expect(shown().length).toBe(18));
  const first = document.querySelector("[data-attempt] time");
  const before = first?.textContent;
  vi.spyOn(world, "now").mockReturnValue(new Date(Date.parse(world.now()) + 5 * 3_600_000).toISOString());
  act(() => FakeStream.open?.send(world.frame()));
  world.dial();
  act(() => FakeStream.open?.send(world.frame()));
  await waitFor(() => expect(document.querySelector("[data-attempt] time")?.textContent).not.toBe(before));
  expect(document.querySelector("[data-attempt] time")?.textContent).toMatch(/hours ago$/);
});

test("a day takes the place of a period between two instants", async () => {
  const { router } = page("/attempts?from=2026-01-01T05:00:00Z&to=2026-01-08T05:00:00Z");
  fireEvent.change(await screen.findByLabelText("To"), { target: { value: "2026-01-06" } });
  await waitFor(() => expect(router.state.location.search).toEqual({ to: "2026-01-06" }));
});
