import { expect, test } from "vitest";
import { sampleNumbers } from "../../../e2e/mock/numbers";
import { filtered, numberSearch, poolsOf } from "./pools";

const all = sampleNumbers("few", "2026-01-06T14:55:00Z");

test("sums a pool up, without room at numbers that rest or are full", () => {
  const [first, second] = poolsOf(all);
  expect(first).toMatchObject({ name: "default", numbers: 5, ready: 3, resting: 1, full: 1, ill: 1 });
  const ready = all.filter((n) => n.state === "ready" && n.pools.some((p) => p.name === "default"));
  expect(first?.room).toBe(ready.reduce((sum, n) => sum + (n.daily_cap ?? 0) - n.calls_today, 0));
  expect(second).toMatchObject({ name: "west", numbers: 3, resting: 2 });
});

test("knows no room where a number has no cap", () => {
  const [first, ...rest] = all;
  expect(poolsOf([{ ...first!, daily_cap: null }, ...rest])[0]?.room).toBeNull();
});

test("filters by pool and state, which it reads from the address", () => {
  expect(filtered(all, { pool: "west", state: "resting" }).length).toBe(2);
  expect(numberSearch({ pool: "west", state: "asleep" })).toEqual({ pool: "west", state: undefined });
});
