import { expect, test } from "vitest";
import type { CadenceDocument } from "../../api/client";
import { LEAVES, RUN_ENDS, addStep, blank, duplicateStep, edges, freshKey, moveStep, moved, pathText, put, removeStep, valueAt } from "./document";

const three = (): CadenceDocument => addStep(addStep(blank("Three")));
const keys = (d: CadenceDocument) => d.steps.map((s) => s.key);

test("paths are written as the server writes them", () => {
  expect(pathText(["steps", 2, "routes", 0, "delay"])).toBe("steps[2].routes[0].delay");
  expect(pathText([])).toBe("");
  expect(valueAt(three(), ["steps", 1, "kind"])).toBe("call");
  expect(valueAt(three(), ["steps", 9, "kind"])).toBeUndefined();
});

test("putting a value leaves everything else alone, and says nothing where there is nothing to say", () => {
  const d = three();
  const next = put(d, ["steps", 1, "voicemail", "text"], "Hello");
  expect(next.steps[1]?.voicemail).toEqual({ text: "Hello" });
  expect(next.steps[0]).toBe(d.steps[0]);
  expect(d.steps[1]?.voicemail).toBeUndefined();
  expect(put(next, ["steps", 1, "voicemail", "text"], "").steps[1]).not.toHaveProperty("voicemail");
  expect(put(d, ["name"], "").name).toBe("");
  expect(put(d, ["time_restrictions", "windows"], undefined)).not.toHaveProperty("time_restrictions");
  expect(put(d, ["connect"], [{ to: "number" }]).connect).toEqual([{ to: "number" }]);
});

test("keys are never used twice, whatever was removed before", () => {
  const d = removeStep(three(), 0);
  expect(keys(addStep(d))).toEqual(["call-2", "call-3", "call-4"]);
  expect(freshKey([{ key: "call-2", kind: "call" }])).toBe("call-3");
  expect(new Set(keys(duplicateStep(addStep(three()), 1))).size).toBe(5);
});

test("a step is moved, copied beside itself and removed", () => {
  expect(keys(moveStep(three(), 0, 2))).toEqual(["call-2", "call-3", "call-1"]);
  expect(keys(moveStep(three(), 2, 0))).toEqual(["call-3", "call-1", "call-2"]);
  expect(moved([1, 2, 3], 1, 3)).toEqual([1, 2, 3]);
  const copied = duplicateStep(three(), 0);
  expect(copied.steps[1]).toMatchObject({ key: "call-4", name: "Call 1 (copy)" });
  expect(keys(removeStep(three(), 1))).toEqual(["call-1", "call-3"]);
});

test("a step that is no longer the last gets a delay, which is not overwritten", () => {
  expect(three().steps.map((s) => s.delay_after)).toEqual(["24h", "24h", undefined]);
  const own = put(blank("Own"), ["steps", 0, "delay_after"], "5m");
  expect(addStep(own).steps[0]?.delay_after).toBe("5m");
});

test("edges name every way out of a step, its own routes before the cadence's", () => {
  const d: CadenceDocument = {
    ...three(),
    routes: [{ on: "BUSY", do: "retry", delay: "1h", max: 3 }, { on: "SALE", do: "exit" }],
  };
  d.steps[0] = { key: "call-1", kind: "call", delay_after: "4h", routes: [{ on: "BUSY", do: "goto", to: "call-3" }] };
  const from = edges(d).filter((e) => e.from === "call-1");
  expect(from.map((e) => [e.on, e.to])).toEqual([["BUSY", "call-3"], ["SALE", LEAVES], ["", "call-2"]]);
  expect(from[2]?.words).toBe("after 4h");
  expect(edges(d).at(-1)).toMatchObject({ from: "call-3", on: "", to: RUN_ENDS });
});
