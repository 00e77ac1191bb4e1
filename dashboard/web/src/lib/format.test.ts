import { describe, expect, test } from "vitest";
import { brief, bytes, decimal, plural, rate, ratio, sentence, words } from "./format";

describe("rate", () => {
  test.each([
    [null, "–"],
    [0, "0%"],
    [0.1234, "12.3%"],
    [0.9989, "99.9%"],
    [0.0004, "< 0.1%"],
    [0.001, "0.1%"],
    [0.999, "99.9%"],
    [0.9996, "> 99.9%"],
    [1, "100%"],
  ])("%s is written %s", (r, text) => expect(rate(r)).toBe(text));
});

test("a rate of nothing is no rate", () => {
  expect(ratio(0, 0)).toBeNull();
  expect(ratio(1, 4)).toBe(0.25);
});

test.each([[7, "7"], [99_999, "99,999"], [100_000, "100K"], [558_800_000, "558.8M"]])("%d in brief is %s", (n, text) => expect(brief(n)).toBe(text));

test.each([["", ""], ["no such lead", "No such lead."], ["Try again?", "Try again?"], ["us.abandon: say it", "us.abandon: say it."]])("%o as a sentence is %o", (message, text) => expect(sentence(message)).toBe(text));

test.each([[0, "0 B"], [1023, "1023 B"], [2 ** 20, "1.0 MiB"], [12.4 * 2 ** 30, "12.4 GiB"], [500 * 2 ** 40, "500 TiB"]])("%d bytes are %s", (n, text) => expect(bytes(n)).toBe(text));

test("words and plurals", () => {
  expect(plural(1, "lead")).toBe("1 lead");
  expect(plural(1204, "lead")).toBe("1,204 leads");
  expect(words("rotating_pool")).toBe("Rotating pool");
  expect(decimal(null)).toBe("–");
});
