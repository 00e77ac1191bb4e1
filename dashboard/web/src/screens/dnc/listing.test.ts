import { expect, test } from "vitest";
import { packs } from "../../../e2e/mock/compliance";
import { dncSearch, oldest } from "./listing";

test("knows how old a list may be by the rules in force", () => {
  const p = packs("2026-01-06T14:55:00Z", "few");
  expect(oldest(p, "national")).toEqual({ days: 31, rule: "us.dnc.national" });
  expect(oldest(p, "fl")).toBeUndefined();
  expect(oldest(undefined, "national")).toBeUndefined();
});

test("reads a number however it reaches the address", () => {
  expect(dncSearch({ number: 13035550100 })).toEqual({ number: "+13035550100" });
  expect(dncSearch({ number: "+1 (303) 555-0100" })).toEqual({ number: "+13035550100" });
  expect(dncSearch({ number: "nobody" })).toEqual({ number: undefined });
});
