import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import { idOf } from "../../../e2e/mock/cadences";
import { hostile } from "../../../e2e/mock/attempts";
import { Refused, type Scene } from "../../../e2e/mock/world";
import { page } from "../../test/page";

const lead = `/leads/${idOf("ld", 3)}`;
beforeEach(() => localStorage.clear());

test("says whether the lead can be called, why not, and from when on", async () => {
  page(lead);
  expect(await screen.findAllByText("Not yet")).not.toEqual([]);
  expect(screen.getAllByText("cadence.hours", { selector: "code" })).not.toEqual([]);
  expect(screen.getByText("Wed, Jan 7, 2026, 08:00", { selector: "strong" })).toBeDefined();
  expect(await screen.findByText("Then it ends: completed, all steps are done.")).toBeDefined();
});

test("takes the lead out of one cadence, and in again from a step", async () => {
  const { writes, world } = page(lead);
  await userEvent.click(await screen.findByRole("button", { name: "Un-enroll from Five touches in six days" }));
  expect(await screen.findByText("1 lead taken out of “Five touches in six days”")).toBeDefined();
  expect(await screen.findByText(/the lead is in no cadence now/)).toBeDefined();
  await userEvent.click(screen.getByRole("button", { name: "Enroll" }));
  const dialog = within(await screen.findByRole("dialog"));
  const target = world.cadences[0];
  await waitFor(() => expect(dialog.getByRole("option", { name: target?.name ?? "" })).toBeDefined());
  await userEvent.selectOptions(dialog.getByLabelText("Cadence"), target?.id ?? "");
  await waitFor(() => expect(dialog.getByRole("option", { name: /call-2/ })).toBeDefined());
  await userEvent.selectOptions(dialog.getByLabelText("Begin with"), "call-2");
  await userEvent.click(dialog.getByRole("button", { name: "Enroll 1 lead" }));
  expect(await screen.findByText("1 lead enrolled in “Five touches in six days”")).toBeDefined();
  expect(writes().map((w) => [w.path, JSON.parse(w.body)])).toEqual([
    ["/v1/enrollments/remove", { cadence: idOf("cd", 1), lead_ids: [idOf("ld", 3)] }],
    ["/v1/enrollments", { cadence: target?.id, lead_ids: [idOf("ld", 3)], start_step: "call-2" }],
  ]);
});

test("pauses the lead in one cadence, and lets it go on", async () => {
  const { writes } = page(lead);
  await userEvent.click(await screen.findByRole("button", { name: "Pause in Five touches in six days" }));
  expect(await screen.findByText("Paused", { selector: "[data-tone] *" })).toBeDefined();
  await userEvent.click(await screen.findByRole("button", { name: "Resume in Five touches in six days" }));
  expect(await screen.findByRole("button", { name: "Pause in Five touches in six days" })).toBeDefined();
  expect(writes().map((w) => w.path)).toEqual([`/v1/enrollments/${idOf("en", 901)}/pause`, `/v1/enrollments/${idOf("en", 901)}/resume`]);
});

test("a pause shows at once, goes back when it is refused, and is undone", async () => {
  let answer = () => {};
  const scene: Scene = {};
  const { world, writes } = page(lead, scene, new Promise((open) => (answer = open)));
  await userEvent.click(await screen.findByRole("button", { name: "Pause in Five touches in six days" }));
  await screen.findByRole("button", { name: "Resume in Five touches in six days" }); // nobody has answered yet
  vi.spyOn(world.people, "answer").mockImplementation(() => {
    throw new Refused(409, "conflict", "the lead is in no cadence");
  });
  scene.failing = 500; // so that only the way back can mend the page
  answer();
  expect(await screen.findByText("It is not paused")).toBeDefined();
  await screen.findByRole("button", { name: "Pause in Five touches in six days" });
  vi.restoreAllMocks();
  scene.failing = undefined;
  await userEvent.click(await screen.findByRole("button", { name: "Pause in Five touches in six days" }));
  await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
  await waitFor(() => expect(writes().map((w) => w.path.split("/").at(-1))).toEqual(["pause", "pause", "resume"]));
});

test("keeps the columns that were chosen", async () => {
  const first = page(lead);
  await userEvent.click(await screen.findByRole("button", { name: "Columns of the cadences" }));
  await userEvent.click(await screen.findByRole("menuitemcheckbox", { name: "Why it ended" }));
  expect(await screen.findByText("all steps are done")).toBeDefined();
  first.unmount();
  page(lead);
  expect(await screen.findByRole("columnheader", { name: "Why it ended" })).toBeDefined();
});

test("a no takes effect with its reason, and is taken off only with one", async () => {
  const { writes } = page(lead);
  await userEvent.click(await screen.findByRole("button", { name: /^Do-not-call marks of/ }));
  await userEvent.type(await screen.findByLabelText("Reason"), "asked by phone");
  await userEvent.click(screen.getByRole("button", { name: "Do not call any more" }));
  const off = await screen.findByRole("button", { name: "Take off" });
  expect(off.hasAttribute("disabled")).toBe(true);
  await userEvent.type(screen.getByLabelText("Reason"), "a mistake");
  await userEvent.click(off);
  expect(await screen.findByText("No mark stands against it.")).toBeDefined();
  expect(writes().map((w) => w.method)).toEqual(["POST", "DELETE"]);
});

test("what a lead brings along stays text", async () => {
  page(`/leads/${idOf("ld", 7)}`, { leads: "many" });
  expect(await screen.findAllByText(hostile[1] ?? "")).not.toEqual([]);
  expect(document.querySelector("main img, main script")).toBeNull();
});

test("choosing leads un-enrolls them only when their number is typed", async () => {
  const { writes } = page("/leads");
  await userEvent.click(await screen.findByLabelText("Choose every lead shown"));
  await userEvent.click(await screen.findByRole("button", { name: "Un-enroll…" }));
  const dialog = within(await screen.findByRole("dialog"));
  await waitFor(() => expect(dialog.getAllByRole("option").length).toBeGreaterThan(1));
  await userEvent.selectOptions(dialog.getByLabelText("From"), idOf("cd", 1));
  const go = dialog.getByRole("button", { name: "Un-enroll 40 leads" });
  await userEvent.type(dialog.getByLabelText("Type 40 to confirm"), "4");
  expect(go.hasAttribute("disabled")).toBe(true);
  await userEvent.type(dialog.getByLabelText("Type 40 to confirm"), "0");
  await userEvent.click(go);
  await waitFor(() => expect(writes().length).toBe(1));
  expect(JSON.parse(writes()[0]?.body ?? "{}").lead_ids.length).toBe(40);
});

test("what is published takes leads before it is switched on, and says that nobody is called yet", async () => {
  const { world, writes } = page(lead);
  const c = world.one(idOf("cd", 6));
  Object.assign(c, { version: 1, published: c.draft });
  await userEvent.click(await screen.findByRole("button", { name: "Enroll" }));
  const dialog = within(await screen.findByRole("dialog"));
  await dialog.findByRole("option", { name: "Win back after a year (off)" });
  await userEvent.selectOptions(dialog.getByLabelText("Cadence"), c.id);
  expect(dialog.getByText(/nobody is called before it is switched on/)).toBeDefined();
  await userEvent.click(dialog.getByRole("button", { name: "Enroll 1 lead" }));
  await waitFor(() => expect(writes().map((w) => JSON.parse(w.body).cadence)).toEqual([c.id]));
  expect(dialog.queryByRole("option", { name: /Survey after delivery/ })).toBeNull(); // a draft
});
