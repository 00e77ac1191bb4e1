import { expect, test } from "vitest";
import type { Attempt, ReturnCall } from "../../api/attempts";
import { cameOf, timeline } from "./history";

const call = (n: number) => ({ id: `at_${n}`, intent_at: `2026-01-0${n}T10:00:00.000Z` }) as Attempt;
const back = (n: number) => ({ id: `rc_${n}`, at: `2026-01-0${n}T12:00:00.000Z` }) as ReturnCall;
const ids = (...of: Parameters<typeof timeline>) => timeline(...of).map((t) => t.id);

test("lays calls and return calls in one order, newest first", () => {
  expect(ids({ items: [call(5), call(3)], more: false }, { items: [back(4), back(3)], more: false })).toEqual(["at_5", "rc_4", "rc_3", "at_3"]);
});

test("keeps back what an older page could come in between of", () => {
  expect(ids({ items: [call(5), call(3)], more: true }, { items: [back(4), back(2)], more: false })).toEqual(["at_5", "rc_4", "at_3"]);
  expect(ids({ items: [call(5), call(1)], more: true }, { items: [back(4)], more: true })).toEqual(["at_5", "rc_4"]);
  expect(ids({ items: [], more: false }, { items: [back(4)], more: true })).toEqual(["rc_4"]);
});

test("says what became of a return call", () => {
  expect(cameOf({ outcome: "opted_out", target: "message", digits: "9" }).label).toBe("Asked not to be called");
  expect(cameOf({ outcome: "connected", target: "owner", digits: "" }).label).toBe("Talked with the owner");
});
