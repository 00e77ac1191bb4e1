import { expect, test } from "vitest";
import { consents } from "../../../e2e/mock/consents";
import { givenOn, ordered, requestOf, scopeWords } from "./consent";

const empty = { number: "+13035550102", kind: "express", given: "2026-01-05", seller: " ", campaign: "", source: "", proof: "" } as const;

test("sends what was filled in and nothing else", () => {
  expect(requestOf(empty)).toEqual({ number: "+13035550102", kind: "express", given_at: "2026-01-05", seller: undefined, scope: "all", source: undefined, proof: undefined });
  expect(requestOf({ ...empty, seller: "Acme ", campaign: " Renewals" })).toMatchObject({ seller: "Acme", scope: "campaign:Renewals" });
});

test("says whose calls it is about", () => {
  expect(["all", "", "call", "campaign:Renewals", "cadence:cd_x"].map(scopeWords)).toEqual(["everything", "everything", "all calls", "campaign “Renewals”", "cadence cd_x"]);
});

test("puts what counts first, then the newest, of one number alone", () => {
  const all = consents("2026-01-06T15:00:00Z", "+13035550102");
  expect(ordered(all, "+13035550102").map((c) => c.status)).toEqual(["valid", "valid", "revoked", "lapsed"]);
  expect(ordered(all, "+13035550199")).toEqual([]);
});

test("a date that was entered alone is the same day everywhere", () => {
  expect(givenOn("2026-03-01T00:00:00.000Z", "America/New_York")).toBe("Mar 1, 2026");
  expect(givenOn("2026-03-01T02:30:00.000Z", "America/New_York")).toBe("Feb 28, 2026");
});
