import { expect, test } from "vitest";
import { against, question, reportSearch } from "./search";

test("reads what is looked at, and leaves out what is none", () => {
  expect(question(reportSearch({}))).toEqual({ cadence: undefined, last: "28d" });
  expect(question(reportSearch({ last: "7d", cadence: "cd_aaaaaaaaaaaaaaaaaaaaaaaaaa" }))).toEqual({ cadence: "cd_aaaaaaaaaaaaaaaaaaaaaaaaaa", last: "7d" });
  expect(question(reportSearch({ last: "7d", from: "2026-01-01", to: "2026-01-07" }))).toEqual({ cadence: undefined, from: "2026-01-01", to: "2026-01-07" });
  expect(question(reportSearch({ last: "1y", from: "2026-01-07", to: "2026-01-01", cadence: "x" }))).toEqual({ cadence: undefined, last: "28d" });
});

test("the period before is as long and ends where this one begins", () => {
  const period = { from: "2026-01-08T05:00:00.000Z", to: "2026-01-15T05:00:00.000Z" };
  expect(against(reportSearch({ compare: "before" }), period)).toEqual({ cadence: undefined, from: "2026-01-01T05:00:00.000Z", to: "2026-01-08T05:00:00.000Z" });
  expect(against(reportSearch({ compare: "before" }))).toBeNull();
  expect(against(reportSearch({ compare: "dates", cfrom: "2025-12-01", cto: "2025-12-07" }), period)).toEqual({ cadence: undefined, from: "2025-12-01", to: "2025-12-07" });
  expect(against(reportSearch({ compare: "dates" }), period)).toBeNull();
  expect(against(reportSearch({}), period)).toBeNull();
});
