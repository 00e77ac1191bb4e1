import { expect, test } from "vitest";
import { countChange, rateChange } from "./change";

test("a rate changes by points, and not when there is nothing to compare with", () => {
  expect(rateChange(0.132, 0.112)).toEqual({ way: "up", words: "2.0 points above 11.2%" });
  expect(rateChange(0.1, 0.25)).toEqual({ way: "down", words: "15.0 points below 25.0%" });
  expect(rateChange(0.10004, 0.1)).toEqual({ way: "same", words: "the same as 10.0%" });
  expect(rateChange(null, 0.1)).toBeNull();
  expect(rateChange(0.1, null)).toBeNull();
});

test("a count changes by percent", () => {
  expect(countChange(150, 100)).toEqual({ way: "up", words: "50.0% more" });
  expect(countChange(75, 100)).toEqual({ way: "down", words: "25.0% fewer" });
  expect(countChange(100, 100)?.way).toBe("same");
  expect(countChange(5, 0)).toBeNull();
});
