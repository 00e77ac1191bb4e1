import { expect, test } from "vitest";
import { become } from "./Routes";
import { fridayAfter } from "./Preview";

test("the Friday after any day of the week, never the same day", () => {
  expect(["2026-11-22", "2026-11-26", "2026-11-27", "2026-11-28"].map((d) => fridayAfter(`${d}T12:00:00Z`))).toEqual(["2026-11-27", "2026-11-27", "2026-12-04", "2026-12-04"]);
});

test("another action drops what the last one needed, and brings what it needs", () => {
  expect(become({ on: "BUSY", do: "next", delay: "3h" }, "retry")).toEqual({ on: "BUSY", do: "retry", delay: "3h", max: 2 });
  expect(become({ on: "BUSY", do: "retry", delay: "3h", max: 4 }, "exit")).toEqual({ on: "BUSY", do: "exit" });
  expect(become({ on: "BUSY", do: "exit" }, "goto")).toEqual({ on: "BUSY", do: "goto", to: "" });
});
