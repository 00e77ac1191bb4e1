import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { FakeStream } from "../../test/FakeStream";
import { page } from "../../test/page";

const row = (number: string) => document.querySelector(`[data-number="${number}"]`) as HTMLElement;

test("shows why a number rests, and wakes it", async () => {
  const { world, writes } = page("/numbers");
  expect(await screen.findByRole("heading", { name: "Pools" })).toBeDefined();
  expect(within(row("+13035550106")).getByText(/because of manager 1: people said that it is shown as spam/)).toBeDefined();
  await userEvent.click(screen.getByRole("button", { name: "Wake +13035550106" }));
  await userEvent.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Wake it" }));
  expect(await screen.findByText("Number woken")).toBeDefined();
  expect(writes().map((w) => w.path)).toEqual(["/v1/caller-ids/%2B13035550106/unrest"]);
  expect(world.numbers.all[6]?.state).toBe("ready");
});

test("puts a number to rest until a time of the engine's, with a reason", async () => {
  const { world, writes } = page("/numbers");
  await userEvent.click(await screen.findByRole("button", { name: "Put +13035550100 to rest" }));
  const dialog = await screen.findByRole("dialog");
  expect(within(dialog).getByRole("button", { name: "Put to rest" }).hasAttribute("disabled")).toBe(true);
  await userEvent.selectOptions(within(dialog).getByLabelText("For"), "24");
  await userEvent.type(within(dialog).getByLabelText(/^Reason/), "marked as spam");
  await userEvent.click(within(dialog).getByRole("button", { name: "Put to rest" }));
  expect(await screen.findByText("Number put to rest")).toBeDefined();
  const said = JSON.parse(writes()[0]?.body ?? "") as { until: string; reason: string };
  expect(said.reason).toBe("marked as spam");
  expect(said.until.slice(0, 10)).toBe("2026-01-07"); // the demo's day, not the browser's
  await waitFor(() => expect(row("+13035550100").textContent).toContain("Resting"));
  expect(world.numbers.all[0]?.rest?.by).toBe("operator");
});

test("filters through the address", async () => {
  const { router } = page("/numbers?pool=west");
  expect(await screen.findByText("3 numbers")).toBeDefined();
  await userEvent.selectOptions(screen.getByLabelText("State"), "resting");
  expect(await screen.findByText("2 numbers")).toBeDefined();
  expect(router.state.location.search).toEqual({ pool: "west", state: "resting" });
});

test("offers nothing to those who may only look", async () => {
  page("/numbers", { me: { sign_in: "required", needs_owner: false, kind: "user", name: "Ops 1", user: null, grants: ["figures.read", "numbers.read"], zone: null } });
  expect(await screen.findByRole("heading", { name: "Pools" })).toBeDefined();
  expect(screen.queryByRole("button", { name: /to rest$/ })).toBeNull();
});

test("how long ago a number was used is told anew while the number stays the same", async () => {
  const { world } = page("/numbers");
  await screen.findByRole("heading", { name: "Pools" });
  const used = () => document.querySelector("[data-number] time")?.textContent;
  const before = used();
  act(() => FakeStream.open?.send(world.frame()));
  vi.spyOn(world, "now").mockReturnValue(new Date(Date.parse(world.now()) + 50 * 3_600_000).toISOString());
  world.dial();
  act(() => FakeStream.open?.send(world.frame()));
  await waitFor(() => expect(used()).not.toBe(before));
});
