import { expect, test } from "vitest";
import type { Schemas } from "../../api/client";
import { others } from "./others";

type Known = Schemas["DispositionPage"]["items"][number];
const known = (code: string, k: Partial<Known> = {}): Known => ({ code, label: code.toLowerCase(), aliases: [], scope: "lead", flags: [], route: { on: code, do: "next" }, ...k });

test("what is not named follows the cadence, then the server; a no follows nobody", () => {
  const codes = [known("NEW"), known("BUSY", { aliases: ["AB"], route: { on: "BUSY", do: "retry", delay: "30m", max: 2 } }), known("NO_ANSWER"), known("SALE"), known("DNC", { flags: ["dnc"] })];
  expect(others(codes, [{ on: "NO_ANSWER", do: "exit" }], [{ on: "SALE", do: "exit" }])).toEqual([
    { code: "BUSY", label: "busy", then: "retry in 30 minutes, up to 2 times", by: "server" },
    { code: "SALE", label: "sale", then: "leave the cadence", by: "cadence" },
    { code: "DNC", label: "dnc", then: "leave the cadence: nobody calls again", by: "law" },
  ]);
  expect(others(codes, [{ on: "ab", do: "exit" }], []).map((o) => o.code)).toEqual(["NO_ANSWER", "SALE", "DNC"]);
});
