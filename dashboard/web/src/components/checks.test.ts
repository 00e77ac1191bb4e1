import { expect, test } from "vitest";
import type { Schemas } from "../api/client";
import { sorted } from "./checks";

const check = (rule: string, c: Partial<Schemas["Check"]> = {}): Schemas["Check"] => ({ rule, kind: "cap", result: "allow", zone: "", local: "", until: null, detail: "", title: "", source: "", remedy: "", duty: false, ...c });

test("tells what refuses or compared something, folds the rest, keeps duties apart", () => {
  const s = sorted([check("stop"), check("hours", { local: "2026-01-06T08:00:00", zone: "America/Denver" }), check("dnc", { result: "block" }), check("cap", { detail: "1 of 3" }), check("records", { duty: true, detail: "kept" })]);
  expect([s.told, s.silent, s.duties].map((l) => l.map((c) => c.rule))).toEqual([["hours", "dnc", "cap"], ["stop"], ["records"]]);
});
