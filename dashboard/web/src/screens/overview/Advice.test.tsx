import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { page } from "../../test/page";

const item = async (name: RegExp) => {
  const heading = await screen.findByRole("heading", { name, level: 3 });
  return heading.closest("li") as HTMLElement;
};

test("puts a recommendation aside, and takes that back", async () => {
  const { writes } = page("/");
  await userEvent.click(within(await item(/^Look at step/)).getByRole("button", { name: /^Put aside/ }));
  await waitFor(() => expect(screen.queryByRole("heading", { name: /^Look at step/ })).toBeNull());
  expect(screen.getByText("1 more put aside.")).toBeDefined();
  await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
  expect(await item(/^Look at step/)).toBeDefined();
  expect(writes().map((w) => w.path.split("/").at(-1))).toEqual(["hide", "show"]);
});

test("previews the rest of a number before it is applied", async () => {
  const { writes } = page("/");
  await userEvent.click(within(await item(/^Let \+13035550102 rest/)).getByRole("button", { name: "Preview and apply…" }));
  expect(writes()).toEqual([]);
  const dialog = await screen.findByRole("dialog");
  expect(dialog.textContent).toContain("Jan 13, 2026");
  await userEvent.click(within(dialog).getByRole("button", { name: "Let it rest for 7 days" }));
  await waitFor(() => expect(screen.queryByRole("heading", { name: /^Let \+13035550102/ })).toBeNull());
  const sent = JSON.parse(writes()[0]?.body ?? "{}") as { until: string; reason: string };
  expect([writes()[0]?.path, sent.until.slice(0, 10)]).toEqual(["/v1/caller-ids/%2B13035550102/rest", "2026-01-13"]);
  expect(sent.reason).toContain("36 of 900");
});

test("leads to the calls it rests on, and to what it is about", async () => {
  page("/");
  const hours = await item(/^Call more on Tuesdays/);
  const calls = new URL(within(hours).getByRole("link", { name: /^See these calls/ }).getAttribute("href") ?? "", "http://x").searchParams;
  expect([calls.get("weekday"), calls.get("hour"), calls.get("counts")]).toEqual(["2", "18", "attempts"]);
  expect(within(await item(/^Look at step/)).getByRole("link", { name: "Open the step" }).getAttribute("href")).toMatch(/\/edit\?at=call-3$/);
});
