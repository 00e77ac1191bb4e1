import { expect, test } from "vitest";
import { shares } from "../../../e2e/mock/abandon";
import { gauge, shareWords, standing, worstFirst } from "./abandon";

const now = "2026-01-06T15:00:00.000Z";

test("knows who waits, who is over, who comes near and of whom nothing can be said", () => {
  expect(worstFirst(shares(now)).map(standing)).toEqual(["waits", "over", "near", "within", "none"]);
  expect(standing({ over: false, held_until: null, rate: 0.0239, limit: 0.03 })).toBe("within");
  expect(standing({ over: false, held_until: null, rate: 0.024, limit: 0.03 })).toBe("near");
});

test("shows the share against its limit, and no further than the bar is long", () => {
  expect([gauge({ rate: 0.03, limit: 0.03 }), gauge({ rate: 0.3, limit: 0.03 }), gauge({ rate: null, limit: 0.03 })]).toEqual([0.5, 1, 0]);
  expect(shareWords({ rate: 0.004, limit: 0.03 })).toBe("0.4% of 3.0% allowed");
  expect([0.0297, 0.03, 0.0302].map((rate) => shareWords({ rate, limit: 0.03 }))).toEqual(["Just under the 3.0% allowed", "3.0% of 3.0% allowed", "Just over the 3.0% allowed"]);
});
