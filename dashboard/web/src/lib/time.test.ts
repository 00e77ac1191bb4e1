import { describe, expect, test } from "vitest";
import { ago, instant, lengthWords, readable, spanLength, spanWords, timeOfDay, took, wall } from "./time";

describe("an instant comes with its zone", () => {
  test.each([
    ["2026-01-06T14:55:00Z", "America/New_York", "Tue, Jan 6, 2026, 09:55 EST"],
    ["2026-07-06T14:55:00Z", "America/New_York", "Mon, Jul 6, 2026, 10:55 EDT"],
    ["2026-01-06T05:00:00Z", "America/New_York", "Tue, Jan 6, 2026, 00:00 EST"],
  ])("%s in %s", (iso, zone, text) => expect(instant(iso, zone)).toBe(text));
  test("the time of day too", () => expect(timeOfDay("2026-01-06T14:55:07Z", "America/New_York")).toBe("09:55:07 EST"));
});

test.each([
  ["2026-01-06T08:01:12", "Tue, Jan 6, 2026, 08:01"],
  ["2026-07-06T23:59:59-06:00", "Mon, Jul 6, 2026, 23:59"],
  ["", "–"],
])("a wall time of some place: %s", (local, text) => expect(wall(local)).toBe(text));

describe("how long ago counts from the answer's own time", () => {
  test.each([
    ["2026-01-06T14:54:30Z", "just now"],
    ["2026-01-06T14:50:00Z", "5 minutes ago"],
    ["2026-01-06T11:55:00Z", "3 hours ago"],
    ["2026-01-06T13:55:20Z", "1 hour ago"],
    ["2026-01-05T14:55:20Z", "1 day ago"],
    ["2026-01-05T04:55:00Z", "1 day ago"],
    ["2026-01-07T16:55:00Z", "in 1 day"],
    ["2026-01-04T14:55:00Z", "2 days ago"],
    ["2025-11-01T14:55:00Z", "2 months ago"],
    ["2024-01-06T14:55:00Z", "2 years ago"],
  ])("%s is %s", (iso, text) => expect(ago(iso, "2026-01-06T14:55:00Z")).toBe(text));
});

describe("spans", () => {
  test.each([
    [undefined, 0, false, "at once"],
    ["30m", 1800, false, "30 minutes"],
    ["1d", 86_400, false, "1 day"],
    ["3bd", 259_200, true, "3 business days"],
    ["1mo", 2_592_000, true, "1 month"],
  ])("%s", (span, seconds, about, text) => {
    expect(spanLength(span)).toEqual({ seconds, about });
    expect(spanWords(span)).toBe(text);
  });
  test("a length in its two largest units", () => {
    expect(lengthWords(0)).toBe("0");
    expect(lengthWords(100_800)).toBe("1 d 4 h");
    expect(lengthWords(90_061)).toBe("1 d 1 h");
  });
});

test.each([[null, "–"], [0, "0 ms"], [0.00004, "< 0.1 ms"], [0.0042, "4.2 ms"], [0.081, "81 ms"], [1.26, "1.3 s"], [31, "31 s"], [75, "1 min 15 s"], [7400, "2 h 3 min"]])("%s s took %s", (n, text) => expect(took(n)).toBe(text));

test("instants within a text of the server are read as people read them", () => {
  expect(readable("left at 2026-01-06T14:55:00.240Z: exited", "America/New_York")).toBe("left at Tue, Jan 6, 2026, 09:55 EST: exited");
  expect(readable("nothing on 2026-01-06")).toBe("nothing on 2026-01-06");
});
