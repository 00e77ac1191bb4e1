import { expect, test } from "vitest";
import { type Item, fit, found, idIn } from "./match";

const item = (label: string, group = "Pages", more: Partial<Item> = {}): Item => ({ id: label, label, group, run: () => {}, ...more });

test("what begins so goes before what has it somewhere", () => {
  expect(fit(item("Leads"), "le")).toBe(3);
  expect(fit(item("Import leads"), "le")).toBe(2);
  expect(fit(item("Templates"), "pla")).toBe(1);
  expect(fit(item("Ops", "Pages", { words: "queue health" }), "heal que")).toBe(0);
  expect(fit(item("Ops"), "leads")).toBe(-1);
  expect(fit(item("Überblick"), "uber")).toBe(3);
});

test("groups keep their order until one fits better, and are cut", () => {
  const all = [item("Pause the list", "This page"), item("Overview"), item("Leads"), item("Lead 00001", "Leads"), item("Lead 00002", "Leads")];
  expect(found(all, "", 9).map((g) => g.group)).toEqual(["This page", "Pages", "Leads"]);
  expect(found(all, "lead", 1).map((g) => [g.group, g.items.map((i) => i.label)])).toEqual([["Pages", ["Leads"]], ["Leads", ["Lead 00001"]]]);
  expect(found(all, "list", 9).map((g) => g.group)).toEqual(["This page"]);
  expect(found(all, "over", 9)[0]?.items[0]?.label).toBe("Overview");
});

test("finds the id in whatever was pasted", () => {
  const id = `at_${"a".repeat(26)}`;
  expect(idIn(`https://calls.example.com/attempts/${id}?x=1`)).toEqual({ kind: "attempt", id });
  expect(idIn(`us_${"a".repeat(26)}`)).toBeUndefined();
  expect(idIn(id.slice(0, 20))).toBeUndefined();
});
