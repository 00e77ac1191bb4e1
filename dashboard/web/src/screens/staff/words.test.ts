import { expect, test } from "vitest";
import { came, stepWords } from "./words";

const at = "2026-01-06T15:00:00.000Z";

test("says what came of a rehearsal", () => {
  expect(came({ state: "waiting", answered_at: null, talk_seconds: 0 })).toEqual({ label: "Under way", tone: "open" });
  expect(came({ state: "live", answered_at: at, talk_seconds: 0 }).label).toBe("On the line");
  expect(came({ state: "ended", answered_at: at, talk_seconds: 75 })).toEqual({ label: "Answered, 1 min 15 s", tone: "good" });
  expect(came({ state: "ended", answered_at: null, talk_seconds: 0 }).label).toBe("Nobody answered");
  expect(came({ state: "not_made", answered_at: null, talk_seconds: 0 }).tone).toBe("warn");
  expect(came({ state: "unknown", answered_at: null, talk_seconds: 0 }).label).toBe("Not known");
});

test("names the document that was rehearsed", () => {
  expect([stepWords({ step: "call-2", version: null }), stepWords({ step: "call-2", version: 3 })]).toEqual(["call-2 of the draft", "call-2 of version 3"]);
});
