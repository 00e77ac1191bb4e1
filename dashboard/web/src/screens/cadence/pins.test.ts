import { expect, test } from "vitest";
import type { CadenceDocument, Step } from "../../api/client";
import example from "../cadences/example.json";
import { timeline } from "./pins";

const steps = (...s: Partial<Step>[]): CadenceDocument => ({
  format: "carillon.cadence/v1", name: "n", audience: { type: "manual" }, runs: { max: 1 },
  steps: s.map((x, i) => ({ key: `s${i}`, kind: "call", ...x })),
});
const hours = (d: CadenceDocument) => timeline(d)?.map((p) => p.at / 3600);

test("the five-step example: at once, then 4, 24, 48 and 72 hours after the step before", () => {
  expect(hours(example as CadenceDocument)).toEqual([0, 4, 28, 76, 148]);
});

test("a step anchored at the enrollment counts from there", () => {
  expect(hours(steps({ delay_after: "4h" }, { delay_after: "2d" }, { anchor: "enrollment", delay_after: "1h" }, {}))).toEqual([0, 4, 48, 49]);
});

test("the calendar's units are marked as about", () => {
  expect(timeline(steps({ delay_after: "3bd" }, { delay_after: "1h" }, {}))?.map((p) => p.about)).toEqual([false, true, true]);
});

test("a tree has no single line", () => {
  expect(timeline(steps({}, { parent: "s0" }))).toBeUndefined();
});
