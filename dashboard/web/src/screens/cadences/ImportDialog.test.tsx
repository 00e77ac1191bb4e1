import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { page } from "../../test/page";
import example from "./example.json?raw";

async function dialog() {
  const p = page("/cadences");
  await userEvent.click(await screen.findByRole("button", { name: "Import" }));
  const box = await screen.findByRole("dialog", { name: "Import a cadence" });
  const area = within(box).getByLabelText<HTMLTextAreaElement>("Document");
  return { ...p, box, area, put: (text: string) => fireEvent.change(area, { target: { value: text } }), press: (name: string) => userEvent.click(screen.getByRole("button", { name })) };
}

test("sends the file's own bytes, so that lines are the file's", async () => {
  const { put, press, writes } = await dialog();
  const text = '{\n\n  "format":   "carillon.cadence/v1", "stepz": [] }';
  put(text);
  await press("Import as draft");
  await screen.findByText("Nothing was stored");
  expect(writes()[0]?.body).toBe(text);
});

test("lists every problem with its line, quotes it, and goes there", async () => {
  const { put, press, area, box } = await dialog();
  put('{\n  "stepz": [\n    { "delay_after": "4 hours" }\n  ]\n}');
  await press("Import as draft");
  await screen.findByText("Nothing was stored");
  expect(within(box).getAllByRole("listitem").map((li) => li.textContent)).toEqual([
    "Error · line 2 · stepzThere is no field “stepz”. Did you mean “steps”?\"stepz\": [",
    "Error · line 3 · steps[0].delay_after“4 hours” is not a delay. Write 4h.{ \"delay_after\": \"4 hours\" }",
  ]);
  await press("line 3");
  expect(area.value.slice(area.selectionStart, area.selectionEnd)).toBe('    { "delay_after": "4 hours" }');
});

test("shows what would be made without storing it", async () => {
  const { press, world } = await dialog();
  const before = world.cadences.length;
  await press("Use the five-step example");
  await press("Preview");
  expect(await screen.findByText(/“Five calls in six days”: it can be published as it is/)).toBeDefined();
  expect(world.cadences.length).toBe(before);
});

test("a change of the text takes the old report away", async () => {
  const { put, press } = await dialog();
  put("not json");
  await press("Preview");
  await screen.findByText("Nothing was stored");
  put("{}");
  expect(screen.queryByText("Nothing was stored")).toBeNull();
});

test("imports a chosen file and says under which name", async () => {
  const { world, area, press, box } = await dialog();
  const input = box.querySelector('input[type="file"]') as HTMLInputElement;
  await userEvent.upload(input, new File([example.replace("Five calls in six days", "Same-day quote")], "cadence.json", { type: "application/json" }));
  await waitFor(() => expect(area.value).toContain("Same-day quote"));
  await press("Import as draft");
  expect(await screen.findByText(/The name “Same-day quote” was in use/)).toBeDefined();
  expect(world.cadences[0]?.name).toBe("Same-day quote (2)");
});

test("refuses a file that no cadence can be", async () => {
  const { box } = await dialog();
  const input = box.querySelector('input[type="file"]') as HTMLInputElement;
  await userEvent.upload(input, new File([new Uint8Array(5 << 20)], "leads.json", { type: "application/json" }));
  expect(await within(box).findByText(/^leads.json is larger than 4 MB/)).toBeDefined();
});
