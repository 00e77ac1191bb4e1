import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { page } from "../../test/page";
import { LARGEST } from "../../api/lists";
import { unfit } from "./FileStep";
import { choices, listName } from "./fields";

const text = "Name,Dial,plan\nLead 00001,+13035550101,gold\nLead 00002,soon,silver\nLead 00003,+13035550103,\n";

async function chosen() {
  const p = page("/lists/import");
  await screen.findByText("Drop a file of leads here");
  const input = document.querySelector<HTMLInputElement>('input[type="file"]');
  if (!input) throw new Error("there is no place for a file");
  fireEvent.change(input, { target: { files: [new File([text], "spring_fair.csv", { type: "text/csv" })] } });
  await screen.findByText("No column holds telephone numbers.");
  return p;
}

const previews = (p: ReturnType<typeof page>) => p.sent.filter((s) => s.path.startsWith("/v1/leads/import/preview"));

test("cannot go on before some column holds numbers, then tells what would happen and stores nothing", async () => {
  const p = await chosen();
  expect(screen.getByRole("button", { name: "See what would happen" })).toHaveProperty("disabled", true);
  await userEvent.selectOptions(screen.getByLabelText("Dial goes to"), "phone");
  await waitFor(() => expect(screen.getByRole("button", { name: "See what would happen" })).toHaveProperty("disabled", false));
  await userEvent.click(screen.getByRole("button", { name: "See what would happen" }));
  const count = (name: string) => document.querySelector(`[data-count="${name}"] dd`)?.textContent;
  await waitFor(() => expect(count("Valid")).toBe("2"));
  expect([count("Duplicate"), count("Bad"), count("Suppressed")]).toEqual(["1", "1", "1"]);
  expect(within(screen.getByRole("region", { name: "Rows that cannot be leads" })).getByText("3")).toBeTruthy();
  expect(previews(p).at(-1)?.path).toContain(`mapping=${encodeURIComponent('{"Dial":"phone"}')}`);
  expect(previews(p).at(-1)?.body).toBe(text); // the file's own bytes
  expect(p.sent.some((s) => s.path.startsWith("/v1/leads/import?"))).toBe(false);
});

test("imports with what was chosen, and follows it to its end", async () => {
  const p = await chosen();
  await userEvent.selectOptions(screen.getByLabelText("Dial goes to"), "phone");
  await waitFor(() => expect(screen.getByRole("button", { name: "See what would happen" })).toHaveProperty("disabled", false));
  await userEvent.click(screen.getByRole("button", { name: "See what would happen" }));
  await userEvent.selectOptions(await screen.findByLabelText("Leads that are here already"), "skip");
  await userEvent.click(screen.getByRole("button", { name: "Import 1 lead" }));
  await screen.findByRole("heading", { name: "Imported" }, { timeout: 5000 });
  const sent = p.sent.find((s) => s.path.startsWith("/v1/leads/import?"));
  const query = new URLSearchParams(sent?.path.split("?")[1]);
  expect(Object.fromEntries(query)).toEqual({ mapping: '{"Dial":"phone"}', region: "US", on_duplicate: "skip", name: "spring fair" });
  expect(sent?.key).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Undo the import…" }));
  await userEvent.type(within(await screen.findByRole("dialog")).getByLabelText("Type undo to confirm"), "undo{Enter}");
  await screen.findByText(/called, or being called/, undefined, { timeout: 5000 });
}, 20_000);

test("Back leads through the steps, and what was chosen is still there", async () => {
  const { router } = await chosen();
  await userEvent.selectOptions(screen.getByLabelText("Dial goes to"), "phone");
  await waitFor(() => expect(screen.getByRole("button", { name: "See what would happen" })).toHaveProperty("disabled", false));
  await userEvent.click(screen.getByRole("button", { name: "See what would happen" }));
  await userEvent.type(await screen.findByLabelText("Where the leads come from"), "A fair");
  act(() => router.history.back());
  expect(await screen.findByLabelText("Dial goes to")).toHaveProperty("value", "phone");
  act(() => router.history.back());
  await userEvent.click(await screen.findByRole("button", { name: "Go on with it" }));
  expect(await screen.findByLabelText("Dial goes to")).toHaveProperty("value", "phone");
  await userEvent.click(screen.getByRole("button", { name: "See what would happen" }));
  expect(await screen.findByLabelText("Where the leads come from")).toHaveProperty("value", "A fair");
});

test("a step without a file is the first, and a file that was sent is not sent again by Back", async () => {
  const { router, sent } = page("/lists/import?step=dry-run");
  await screen.findByText("Drop a file of leads here");
  const input = document.querySelector<HTMLInputElement>('input[type="file"]');
  fireEvent.change(input as HTMLInputElement, { target: { files: [new File([text], "spring_fair.csv", { type: "text/csv" })] } });
  await userEvent.selectOptions(await screen.findByLabelText("Dial goes to"), "phone");
  await waitFor(() => expect(screen.getByRole("button", { name: "See what would happen" })).toHaveProperty("disabled", false));
  await userEvent.click(screen.getByRole("button", { name: "See what would happen" }));
  await userEvent.click(await screen.findByRole("button", { name: "Import 2 leads" }));
  act(() => router.history.back()); // it is on its way
  await screen.findByRole("heading", { name: "Imported" }, { timeout: 5000 });
  act(() => router.history.back());
  await waitFor(() => expect(router.state.location.search).toEqual({ step: "dry-run" })); // where it began
  expect(screen.getByRole("heading", { name: "Imported" })).toBeTruthy();
  expect(sent.filter((s) => s.path.startsWith("/v1/leads/import?"))).toHaveLength(1);
}, 20_000);

test("takes files that can be leads, and says why not", () => {
  const file = (name: string, size: number) => Object.defineProperty(new File(["x"], name), "size", { value: size });
  expect(unfit(file("a.csv", LARGEST))).toBe("");
  expect(unfit(file("a.csv", LARGEST + 1))).toContain("32 MB");
  expect(unfit(file("a.xlsx", 10))).toContain("CSV");
  expect(unfit(file("a.csv", 0))).toContain("empty");
});

test("offers fields in the order people need them, and the one that is set", () => {
  expect(choices(["email", "extra", "ignore", "phone", "zone"], "numbers").map((c) => c.value)).toEqual(["extra", "ignore", "phone", "email", "zone", "numbers"]);
  expect(listName("Spring_fair-2026.CSV")).toBe("Spring fair 2026");
  expect(listName(".csv")).toBe("Leads");
});
