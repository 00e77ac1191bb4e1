import { expect, test } from "vitest";
import { asNumber } from "../../api/leads";
import { readColumns, toggled as toggledColumn, usual } from "../lead/columns";
import { ariaSort, chosenColumns, columns, fitting, nextSort, usual as usualColumns } from "./columns";
import { leadSearch } from "./search";
import { toggled, toggledAll, typed } from "./selection";

test("takes a whole number in any form people write, and nothing less", () => {
  expect(asNumber("+1 (303) 555-0142")).toBe("+13035550142");
  for (const q of ["303555", "+1303", "Lead 00001", ""]) expect(asNumber(q)).toBeUndefined();
});

test("reads the address, digits too", () => {
  expect(leadSearch({ q: 3035, sort: "name", called: "never" })).toEqual({ q: "3035" }); // a search has an order of its own
  expect(leadSearch({ q: "", list: "ls_x", sort: "email", called: "often", cols: "name", view: "vw_x" })).toEqual({});
  expect(leadSearch({ sort: "-called", called: "ever", cols: ["status", "nothing", "number"], view: `vw_${"a".repeat(26)}` })).toEqual({ sort: "-called", called: "ever", cols: ["number", "status"], view: `vw_${"a".repeat(26)}` });
});

test("puts all in, and out again when all are in", () => {
  const one = toggled(new Set(), "a");
  const all = toggledAll(one, ["a", "b"]);
  expect([...all]).toEqual(["a", "b"]);
  expect(toggledAll(all, ["a", "b"]).size).toBe(0);
  expect(one.size).toBe(1);
});

test("the typed count must be the count", () => {
  expect(typed("1,204", 1204)).toBe(true);
  expect(typed(" 1204", 1204)).toBe(true);
  for (const text of ["", "120", "12045", "all"]) expect(typed(text, 1204)).toBe(false);
});

test("columns are kept in their order, and nonsense is not taken for a choice", () => {
  expect(toggledColumn(["status"], "start")).toEqual(["start", "status"]);
  expect(readColumns({ getItem: () => '["status","x"]' })).toEqual(["status"]);
  for (const kept of ["{", '"status"', null]) expect(readColumns({ getItem: () => kept })).toEqual([...usual]);
});

test("a heading sorts, turns, and lets be; the usual columns need no place in the address", () => {
  expect([nextSort(undefined, "name"), nextSort("name", "name"), nextSort("-name", "name"), nextSort("name", "called"), nextSort("-called", "called")]).toEqual(["name", "-name", undefined, "-called", "called"]);
  expect([ariaSort("-called", "called"), ariaSort("name", "name"), ariaSort(undefined, "name")]).toEqual(["descending", "ascending", "none"]);
  const more = chosenColumns(usualColumns, "owner");
  expect(more).toContain("owner");
  expect(chosenColumns(more ?? [], "owner")).toBeUndefined();
});

test("of the columns those that tell most are kept where there is less room, in their own order", () => {
  expect(fitting(usualColumns, 480)).toEqual(["number", "email", "status", "called"]);
  expect(fitting(usualColumns, 250)).toEqual(["number", "called"]);
  expect(fitting(["external", "place"], 120)).toEqual(["external"]);
  expect(fitting(columns.map((c) => c.key), 10_000).length).toBe(columns.length);
});
