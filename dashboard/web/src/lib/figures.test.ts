import { expect, test } from "vitest";
import { World } from "../../e2e/mock/world";
import { byType, standing, takesLeads } from "./figures";

const figures = new World({}).overview().by_cadence;

test("types add up their cadences, and rates come from the sums", () => {
  const groups = byType(figures);
  const number = groups.find((g) => g.type === "number");
  const mine = figures.filter((c) => c.type === "number");
  const attempts = mine.reduce((n, c) => n + c.attempts, 0);
  const contacts = mine.reduce((n, c) => n + c.contacts, 0);
  expect(number?.attempts).toBe(attempts);
  expect(number?.contact_rate).toBeCloseTo(contacts / attempts, 12);
  expect(groups.reduce((n, g) => n + g.cadences.length, 0)).toBe(figures.length);
});

test("the busiest type comes first, and the busiest cadence within it", () => {
  const groups = byType(figures);
  expect(groups.map((g) => g.attempts)).toEqual(groups.map((g) => g.attempts).sort((a, b) => b - a));
  for (const g of groups) expect(g.cadences.map((c) => c.attempts)).toEqual(g.cadences.map((c) => c.attempts).sort((a, b) => b - a));
});

test("a status leaves the others out, and a type without attempts has no rate", () => {
  const drafts = byType(figures, "draft");
  expect(drafts.flatMap((g) => g.cadences).every((c) => c.status === "draft")).toBe(true);
  expect(drafts.map((g) => g.completion_rate)).toEqual([null, null]);
});

test("a cadence that was published and never switched on is no draft, and takes leads", () => {
  expect(standing({ status: "draft", version: 0 })).toBe("Draft");
  expect(standing({ status: "draft", version: 2 })).toBe("Published, off");
  expect(standing({ status: "active", version: 2 })).toBe("Active");
  expect([{ status: "draft", version: 0 } as const, { status: "draft", version: 1 } as const, { status: "inactive", version: 1 } as const, { status: "archived", version: 1 } as const].map(takesLeads)).toEqual([false, true, true, false]);
});
