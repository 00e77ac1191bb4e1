import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { page } from "../../test/page";
import { callable } from "./ListTable";
import { limitOf, priorityName } from "./SettingsDialog";

test("pauses a list at once, and goes back when the server refuses", async () => {
  const p = page("/lists");
  const dialing = await screen.findByRole("switch", { name: "January web leads: dialing" });
  await userEvent.click(dialing);
  await waitFor(() => expect(p.writes().at(-1)).toMatchObject({ method: "PATCH", body: '{"paused":true}' }));
  await waitFor(() => expect(screen.getByRole("switch", { name: "January web leads: dialing" })).toHaveProperty("checked", false));
  await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
  await waitFor(() => expect(p.writes().at(-1)).toMatchObject({ method: "PATCH", body: '{"paused":false}' }));
  await userEvent.click(screen.getByRole("switch", { name: "Partner file: dialing" }));
  await screen.findByText("“Partner file” was not changed");
  await waitFor(() => expect(screen.getByRole("switch", { name: "Partner file: dialing" })).toHaveProperty("checked", false));
});

test("sets priority and release, and takes no half number", async () => {
  const p = page("/lists");
  await userEvent.click(await screen.findByRole("button", { name: "Actions for Spring fair" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "Priority and release…" }));
  const box = await screen.findByRole("dialog");
  const release = within(box).getByLabelText("New leads a day");
  fireEvent.change(release, { target: { value: "1.5k" } });
  expect(within(box).getByRole("button", { name: "Save" })).toHaveProperty("disabled", true);
  fireEvent.change(release, { target: { value: "1,500" } });
  await userEvent.selectOptions(within(box).getByLabelText("Priority"), "9");
  await userEvent.click(within(box).getByRole("button", { name: "Save" }));
  await waitFor(() => expect(p.writes().at(-1)?.body).toBe('{"priority":9,"release_per_day":1500}'));
  await screen.findByText("137 of 1,500 new today");
  await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
  await waitFor(() => expect(p.writes().at(-1)?.body).toBe('{"priority":5,"release_per_day":200}'));
});

test("says what cannot be counted, and what was set elsewhere", () => {
  expect([callable({ callable_today: null }), callable({ callable_today: 100_000 }), callable({ callable_today: 7 })]).toEqual(["not counted", "100,000 or more", "7"]);
  expect([limitOf(""), limitOf(" 1,200 "), limitOf("0"), limitOf("-3"), limitOf("x")]).toEqual([0, 1200, undefined, undefined, undefined]);
  expect(priorityName(3)).toBe("Priority 3");
});
