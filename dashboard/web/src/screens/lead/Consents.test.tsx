import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { idOf } from "../../../e2e/mock/cadences";
import { page } from "../../test/page";

const lead = `/leads/${idOf("ld", 3)}`;

test("shows what was agreed to, and records another with the refusal at its field", async () => {
  const { writes } = page(lead);
  expect(await screen.findByText("Express written consent")).toBeDefined();
  expect(screen.getAllByText("Counts").length).toBe(2);
  expect(screen.getByText("<img src=x onerror=alert(1)>")).toBeDefined();
  await userEvent.click(screen.getByRole("button", { name: "Record one" }));
  const box = within(await screen.findByRole("dialog"));
  await userEvent.selectOptions(box.getByLabelText(/^What/), "prior");
  fireEvent.change(box.getByLabelText(/^When/), { target: { value: "2031-01-01" } });
  await userEvent.click(box.getByRole("button", { name: "Record" }));
  expect(await box.findByText("given_at is in the future.")).toBeDefined();
  fireEvent.change(box.getByLabelText(/^When/), { target: { value: "2026-01-02" } });
  await userEvent.click(box.getByRole("button", { name: "Record" }));
  expect(await screen.findByText("Prior consent")).toBeDefined();
  expect(JSON.parse(writes().at(-1)?.body ?? "")).toEqual({ number: "+13035550102", kind: "prior", given_at: "2026-01-02", scope: "all" });
});

test("takes one back with how it was said, and all at once", async () => {
  const { writes } = page(lead);
  await userEvent.click(await screen.findByRole("button", { name: "Take back: Express written consent" }));
  const box = within(await screen.findByRole("dialog"));
  const go = box.getByRole("button", { name: "Take back" });
  expect(go).toHaveProperty("disabled", true);
  await userEvent.type(box.getByLabelText(/How the person said so/), "letter");
  await userEvent.click(go);
  await waitFor(() => expect(writes().at(-1)).toMatchObject({ path: `/v1${lead}/consents/${idOf("cs", 41)}/revoke`, body: '{"how":"letter"}' }));
  expect(await screen.findByText("Taken back", { selector: "[class*=title]" })).toBeDefined();
  await waitFor(() => expect(screen.getByRole("button", { name: "Take back all…" })).toHaveProperty("disabled", true));
});

test("shows a call of theirs between ours", async () => {
  page(lead);
  expect(await screen.findByText("Talked with the owner")).toBeDefined();
  expect(screen.getByText(/They called \+13035550142 from \+1303•••0102/)).toBeDefined();
});

test("erases a person only when their id is typed and a reason given, and then says what is left", async () => {
  const { writes } = page(lead);
  await userEvent.click(await screen.findByRole("button", { name: "Erase this person…" }));
  const box = within(await screen.findByRole("dialog"));
  const go = box.getByRole("button", { name: "Erase this person" });
  await userEvent.type(box.getByLabelText(/^Reason/), "asked in a letter");
  expect(go).toHaveProperty("disabled", true);
  await userEvent.type(box.getByLabelText(/^Type crm-00003 to confirm/), "crm-00003");
  await userEvent.click(go);
  expect(await screen.findByText("Nothing in the ledger names them any more")).toBeDefined();
  expect(writes().at(-1)).toMatchObject({ path: `/v1${lead}/erase`, body: '{"reason":"asked in a letter"}' });
  await userEvent.click(screen.getByRole("button", { name: "Go to the leads" }));
  expect(await screen.findByRole("heading", { name: "Leads", level: 1 })).toBeDefined();
});
