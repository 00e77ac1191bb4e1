import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { idOf } from "../../../e2e/mock/cadences";
import { page } from "../../test/page";
import { routeWords } from "./RouteList";

test("shows steps, timing and routes in words", async () => {
  page(`/cadences/${idOf("cd", 1)}`);
  const table = await screen.findByRole("table", { name: "Steps" });
  const rows = within(table).getAllByRole("row").slice(1);
  expect(rows.length).toBe(5);
  expect(rows[2]?.textContent).toContain("24 hours after step 21 d 4 h after enrollment");
  expect(rows[2]?.textContent).toContain("Leave a message");
  expect(rows[0]?.textContent).toContain("BUSY retry in 30 minutes, up to 2 times");
  expect(screen.getByText("Mon, Tue, Wed, Thu, Fri, 09:00–17:00")).toBeDefined();
  expect(screen.getByText("Number +13035550100, ring for 20 seconds")).toBeDefined();
});

test("says why its leads are not being called, with some of them", async () => {
  page(`/cadences/${idOf("cd", 1)}`);
  const box = within(await screen.findByRole("region", { name: "What is waiting, and why" }));
  expect(await box.findByText(/may be called now/)).toBeDefined();
  expect(box.getAllByRole("link")[0]?.getAttribute("href")).toMatch(/^\/leads\/ld_/);
});

test("names a draft's problems with what to do", async () => {
  page(`/cadences/${idOf("cd", 7)}`);
  const box = await screen.findByRole("group", { name: "1 error in the draft: it cannot be published" });
  expect(within(box).getByText("An answered call has nowhere to go.")).toBeDefined();
  expect(within(box).getByText("Add a target, for example a number.")).toBeDefined();
  expect(screen.queryByRole("button", { name: "Publish" })).toBeNull();
});

test("publishes a good draft, after which it can be switched on", async () => {
  const { world } = page(`/cadences/${idOf("cd", 6)}`);
  await userEvent.click(await screen.findByRole("button", { name: "Publish" }));
  expect(await screen.findByText("“Win back after a year” is published")).toBeDefined();
  await userEvent.click(screen.getByRole("switch", { name: "Win back after a year: active" }));
  expect(world.one(idOf("cd", 6)).status).toBe("active");
});

test("a cadence that is not there says so, and to try again is not offered", async () => {
  page(`/cadences/${idOf("cd", 999)}`);
  expect(await screen.findByRole("heading", { name: "There is no such cadence" })).toBeDefined();
  expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
});

test.each([
  [{ on: "BUSY", do: "retry", delay: "4h" }, "retry in 4 hours"],
  [{ on: "NO_ANSWER", do: "next", delay: "2d" }, "next step after 2 days"],
  [{ on: "DISCONNECTED", do: "next_number" }, "the lead’s next number at once"],
  [{ on: "DNC", do: "exit" }, "leave the cadence"],
  [{ on: "CALLBACK", do: "callback" }, "call back when asked to"],
  [{ on: "SALE", do: "transition", to: "Welcome" }, "move to “Welcome”"],
  [{ on: "FAX", do: "goto", to: "call-3" }, "go to call-3"],
])("%o in words", (route, text) => expect(routeWords(route)).toBe(text));

test("what runs is shown beside a draft that cannot be published", async () => {
  const { world } = page(`/cadences/${idOf("cd", 1)}`);
  const c = world.one(idOf("cd", 1));
  c.draft = { ...c.draft, steps: [] };
  c.problems = [{ severity: "error", code: "no_step", path: "steps", message: "there is no step" }];
  expect(await screen.findByText("No steps yet")).toBeDefined();
  expect(screen.queryByText(/import it again/)).toBeNull(); // there is an editor
  await userEvent.click(screen.getByRole("radio", { name: `Version ${c.version}` }));
  expect(within(await screen.findByRole("table", { name: "Steps" })).getAllByRole("row").length).toBe(6);
});
