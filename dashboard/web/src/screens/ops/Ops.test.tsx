import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { page } from "../../test/page";

test("says that nothing needs anybody, with every figure defined", async () => {
  page("/ops");
  expect(await screen.findByText("Nothing needs you")).toBeDefined();
  expect(document.querySelector('[data-figure="Late by"]')?.textContent).toBe("1.2 ms");
  expect(screen.getByRole("button", { name: /^Stuck: Calls that are not over/ })).toBeDefined();
  expect(screen.getByText("Accepted")).toBeDefined();
});

test("puts what is wrong first, with what to do", async () => {
  page("/ops", { machine: "ill", off: "the engine cannot reach itself" });
  expect(await screen.findByText("2 calls stuck")).toBeDefined();
  expect(screen.getByText(/carillon doctor --data/)).toBeDefined();
  expect(screen.queryByText("Nothing needs you")).toBeNull();
});
