import { expect, test } from "vitest";
import { machine } from "../../../e2e/mock/machine";
import { alarmsOf } from "./alarms";

const on = { on: true, reason: "", message: "", stopped: false, since: null };
const well = machine("2026-01-06T14:55:00Z", on, "well");
const titles = (m: typeof well) => alarmsOf(m).map((a) => `${a.tone}: ${a.title}`);

test("says nothing of a machine that is well, or idle", () => {
  expect(titles(well)).toEqual([]);
  expect(titles(machine("2026-01-06T14:55:00Z", on, "idle"))).toEqual([]);
});

test("names what has to be looked at, the worst first", () => {
  expect(titles(machine("2026-01-06T14:55:00Z", { ...on, on: false, reason: "public_url", message: "x" }, "ill"))).toEqual([
    "bad: Nothing is dialed", "bad: The ledger may not be whole", "bad: 2 calls stuck", "bad: 1 message set aside", "bad: The disk is full", "bad: The newest rule packs are refused",
    "warn: 4 calls of unknown fate", "warn: The carrier said “too many”: 1.25 of 20 calls a second", "warn: 4,100 allowed calls wait for the carrier", "warn: 3 rules past the day of review",
  ]);
});

test("takes a stop for somebody's wish and not for a fault", () => {
  expect(titles({ ...well, dialing: { on: false, reason: "stopped", message: "stopped by ops 1", stopped: true, since: null } })).toEqual(["warn: Dialing is stopped"]);
});
