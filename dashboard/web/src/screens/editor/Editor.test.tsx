import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { idOf } from "../../../e2e/mock/cadences";
import { Refused, type Scene, type World } from "../../../e2e/mock/world";
import { page } from "../../test/page";

const { record, stop } = vi.hoisted(() => ({ record: vi.fn(), stop: vi.fn(async () => new Blob()) }));
vi.mock("./record", () => ({ LONGEST: 180, record }));
afterEach(() => vi.clearAllMocks());

const at = (n: number, search = "") => `/cadences/${idOf("cd", n)}/edit${search}`;
const one = (world: World, n: number) => world.one(idOf("cd", n));
const saved = () => waitFor(() => expect(screen.getByTestId("saving").textContent).toBe("Saved"));
const name = () => screen.findByLabelText(/^Name/);

test("a cadence is switched off also after its transition was looked at", async () => {
  const { world } = page(at(1, "?at=runs"));
  await userEvent.selectOptions(await screen.findByLabelText("After all runs"), "transition");
  await screen.findByRole("option", { name: "Same-day quote" });
  await userEvent.click(screen.getByRole("switch", { name: /: active$/ }));
  expect(await screen.findByText(/is switched off$/)).toBeDefined();
  expect(one(world, 1).status).toBe("inactive");
});

test("asks before changes are left that the server does not have", async () => {
  const { router } = page(at(1));
  const field = await name();
  await userEvent.clear(field);
  await userEvent.type(field, "Same-day quote");
  await waitFor(() => expect(screen.getByTestId("saving").textContent).toBe("Not saved"));
  await userEvent.click(screen.getByRole("link", { name: "Templates" }));
  await userEvent.click(await screen.findByRole("button", { name: "Stay here" }));
  expect(router.state.location.pathname).toMatch(/edit$/);
  expect(await name()).toHaveProperty("value", "Same-day quote");
  await userEvent.click(screen.getByRole("link", { name: "Templates" }));
  await userEvent.click(await screen.findByRole("button", { name: "Leave without it" }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/templates"));
});

test("what is typed when the session ends is stored after the next sign-in", async () => {
  const me: Scene["me"] = { sign_in: "required", needs_owner: false, kind: "user", name: "Manager", user: { id: idOf("us", 1), name: "Manager", email: "user1@example.test", role: "manager" }, grants: ["cadences.read", "cadences.manage"], zone: null };
  const scene: Scene = { me };
  const first = page(at(1), scene);
  const field = await name();
  scene.me = { ...me, kind: "", name: "", user: null, grants: [] };
  fireEvent.change(field, { target: { value: "Evening quote" } });
  await screen.findByRole("button", { name: "Sign in" }, { timeout: 5000 });
  first.unmount();
  const { world } = page(at(1), { me });
  expect(await name()).toHaveProperty("value", "Evening quote");
  await waitFor(() => expect(one(world, 1).draft.name).toBe("Evening quote"), { timeout: 5000 });
  await saved();
}, 20_000);

test("a step that was removed is put back at its place", async () => {
  const { world } = page(at(1));
  const keys = () => one(world, 1).draft.steps.map((s) => s.key);
  await userEvent.click(await screen.findByRole("button", { name: "Remove Call step 2" }));
  await saved();
  await waitFor(() => expect(keys()).toEqual(["call-1", "call-3", "call-4", "call-5"]));
  expect(document.activeElement?.textContent).toContain("Call step 3");
  await userEvent.click(screen.getByRole("button", { name: "Undo" }));
  await waitFor(() => expect(keys()).toEqual(["call-1", "call-2", "call-3", "call-4", "call-5"]));
});

test("a voicemail that is switched off and on again keeps its text", async () => {
  page(at(1, "?at=call-3"));
  const toggle = await screen.findByRole("switch", { name: /^Leave a voicemail/ });
  await userEvent.click(toggle);
  expect(screen.queryByLabelText("Voicemail message")).toBeNull();
  await userEvent.click(toggle);
  expect(await screen.findByLabelText("Voicemail message")).toHaveProperty("value", "Hello, we tried to reach you about your request.");
});

test("keys that may be pressed go with their target when targets change places", async () => {
  page(at(3, "?at=answer"));
  const keys = () => [...screen.getByRole("list", { name: "Targets" }).children].map((card) => within(card as HTMLElement).queryAllByLabelText(/^Keys the person may press: Key \d$/).length);
  await userEvent.click(await screen.findByRole("button", { name: "Add a target" }));
  await userEvent.selectOptions(screen.getByLabelText("If that one is not reached, to"), "message");
  expect(keys()).toEqual([2, 0]);
  await userEvent.click(screen.getByRole("button", { name: "Try target 2 earlier" }));
  expect(keys()).toEqual([0, 2]);
});

test("a microphone that is granted after the page was left is let go", async () => {
  let grant = (_: unknown) => {};
  record.mockReturnValue(new Promise((granted) => (grant = granted)));
  const { router } = page(at(3, "?at=answer"));
  await userEvent.click(await screen.findByRole("button", { name: "Record" }));
  await router.navigate({ to: "/templates" });
  await screen.findByRole("heading", { name: "Templates" });
  grant({ stop });
  await waitFor(() => expect(stop).toHaveBeenCalledOnce());
});

test("what is published and not moved says so, and can be moved alone", async () => {
  const scene: Scene = { immovable: true };
  const { world, writes } = page(at(1), scene);
  const field = await name();
  await userEvent.type(field, "!");
  await saved();
  await userEvent.click(screen.getByRole("button", { name: "Publish…" }));
  await userEvent.click(await screen.findByRole("radio", { name: /^They move to the new version/ }));
  await userEvent.click(screen.getByRole("button", { name: /^Publish and move/ }));
  expect(await screen.findByText("The leads in it were not moved")).toBeDefined();
  const version = one(world, 1).version;
  scene.immovable = false;
  await userEvent.click(screen.getByRole("button", { name: "Move them now" }));
  expect(await screen.findByText(/leads moved to it/)).toBeDefined();
  expect(one(world, 1).version).toBe(version);
  expect(writes().map((w) => w.path.split("/").at(-1)).filter((v) => v === "publish" || v === "migrate")).toEqual(["publish", "migrate", "migrate"]);
});

test("an older version that cannot be compared says why", async () => {
  const { world } = page(at(3));
  await userEvent.click(await screen.findByRole("button", { name: "Versions" }));
  const look = await screen.findByRole("button", { name: "Look at 1" });
  vi.spyOn(world, "one").mockImplementation(() => {
    throw new Refused(503, "internal", "The ledger is being repaired.");
  });
  await userEvent.click(look);
  expect(await within(await screen.findByRole("dialog")).findByText("The ledger is being repaired.")).toBeDefined();
});
