import { expect, test } from "vitest";
import type { Problem } from "../../api/client";
import { gathered, partOf, placeOf, problemAt, within } from "./problems";

const at = (path: string, severity: Problem["severity"] = "error"): Problem => ({ path, severity, code: "x", message: `${severity} at ${path}` });

test("a problem belongs to its field and to all that hold it, and to no neighbour of a like name", () => {
  expect(within("steps[1].routes[0].to", "steps[1]")).toBe(true);
  expect(within("steps[10].routes", "steps[1]")).toBe(false);
  expect(within("runs.max", "run")).toBe(false);
  expect(within("connect", "connect")).toBe(true);
});

test("an error is shown before a warning of the same field", () => {
  expect(problemAt([at("name", "warning"), at("name")], "name")?.severity).toBe("error");
  expect(problemAt([at("steps[0].routes[1].delay")], "steps[0].routes[1]")?.path).toBe("steps[0].routes[1].delay");
  expect(problemAt([at("campaign")], "name")).toBeUndefined();
});

test("every path leads to the part that shows it", () => {
  expect(partOf("steps[3].routes[0].to")).toEqual({ step: 3, tab: "routing" });
  expect(partOf("steps[0].voicemail.audio")).toEqual({ step: 0, tab: "basic" });
  expect(partOf("steps[0].delay_after")).toEqual({ step: 0, tab: "timing" });
  expect(partOf("steps[2].connect")).toEqual({ step: 2, tab: "advanced" });
  expect(partOf("steps[2]")).toEqual({ step: 2, tab: "basic" });
  expect(partOf("time_restrictions.windows[0].from")).toEqual({ section: "hours" });
  expect(partOf("runs.transition_to")).toEqual({ section: "runs" });
  expect(partOf("connect[0].number")).toEqual({ section: "answer" });
  expect(partOf("")).toEqual({ section: "details" });
});

test("a place is told in the words of the editor", () => {
  const steps = [{ key: "call-1", name: "First" }, { key: "call-2", name: "" }];
  expect(placeOf("steps[0].routes[2].to", steps)).toBe("1. First, Disposition routing");
  expect(placeOf("steps[1].delay_after", steps)).toBe("2. call-2, Timing");
  expect(placeOf("time_restrictions.windows[0].from", steps)).toBe("Time restrictions");
  expect(placeOf("", steps)).toBe("");
});

test("that answered calls go nowhere is said once, where one target helps every step", () => {
  const none = (i: number): Problem => ({ ...at(`steps[${i}].connect`), code: "no_target" });
  expect(gathered([at("name"), none(0), at("runs", "warning"), none(1)]).map((p) => p.path)).toEqual(["name", "connect", "runs"]);
});
