import { expect, test } from "vitest";
import { attemptDetail, attemptLog, hostile, sampleAttempts } from "../../../e2e/mock/attempts";
import { choice, lateness, story } from "./telling";

const now = "2026-01-06T15:00:00.000Z";
const calls = sampleAttempts("few", now);
const sale = attemptDetail(calls[3] ?? (() => { throw new Error("no sale"); })(), now);

test("tells a whole log in order, the end once", () => {
  const told = story(sale, attemptLog(sale, now));
  expect(told.map((m) => m.title)).toEqual([
    "The call was allowed and made durable", "The carrier took the call", "Carrier: ringing", "Answered", "It was told to connect the person", "Carrier: completed", "Ended", "Disposition Sale",
  ]);
  expect(told[3]?.detail).toBe("By a person");
});

test("a trimmed log leaves what the attempt keeps", () => {
  const told = story(sale, { as_of: now, complete: false, missing: "trimmed", items: [] });
  expect(told.map((m) => m.title)).toEqual(["The call was allowed and made durable", "The carrier took the call", "Answered", "Ended", "Disposition Sale"]);
});

test("says once what is both the outcome and its reason", () => {
  const log = attemptLog(sale, now);
  const items = log.items.map((e) => (e.kind === "ended" ? { ...e, detail: { ...e.detail, disposition: "CONGESTION", reason: "congestion" } } : e));
  expect(story(sale, { ...log, items }).find((m) => m.title === "Ended")?.detail).toBe("Congestion");
});

test("a note stays what was written", () => {
  expect(story(sale, attemptLog(sale, now)).at(-1)?.detail).toContain(hostile[1]);
});

test("says how the caller ID was chosen", () => {
  expect(choice(sale.caller_id)).toBe("The one of the pool “default” that had rested longest.");
  expect(choice({ number: "+13035550100", strategy: "", pool: "" })).toMatch(/not known/);
});

test("says how late it was", () => {
  expect(lateness({ due_at: "2026-01-06T15:00:00.000Z", intent_at: "2026-01-06T15:00:00.300Z" })).toBe("on time");
  expect(lateness({ due_at: "2026-01-06T15:00:00.000Z", intent_at: "2026-01-06T15:02:05.000Z" })).toBe("2 min 5 s after it was due");
});
