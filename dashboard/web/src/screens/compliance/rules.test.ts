import { expect, test } from "vitest";
import { packs } from "../../../e2e/mock/compliance";
import type { PackRule } from "../../api/compliance";
import { allPlaces, calls, chosen, dates, demands, places, ruleSearch } from "./rules";

const p = packs("2026-01-06T14:55:00Z", "few");
const ids = (f: Parameters<typeof chosen>[1]) => chosen(p, f).flatMap((file) => file.rules.map((r) => r.id));

test.each<[string, Record<string, unknown>, string]>([
  ["window", { days: { "mon-sat": ["09:00-21:00"], sun: ["12:00-21:00"] } }, "Allowed mon-sat 09:00-21:00; sun 12:00-21:00"],
  ["window", { days: { "mon-fri": ["10:00-13:00", "14:00-20:00"] }, zone: "Europe/Paris" }, "Allowed mon-fri 10:00-13:00 and 14:00-20:00 by the clock of Europe/Paris"],
  ["holiday", { calendar: "us.federal", open: ["09:00-12:00"] }, "Not on the days of us.federal, but 09:00-12:00"],
  ["cap", { key: ["person", "debt"], max: 7, per: "7d" }, "At most 7 per 7d, counted by person and debt"],
  ["wait", { after: "conversation", for: "7d" }, "7d of silence after a conversation"],
  ["consent", { need: "consent.express_written" }, "Needs express written consent"],
  ["ring", { min_ring: "15s" }, "Rings at least 15s"],
  ["scrub", { list: "national", max_age: "31d" }, "List “national”, not older than 31d"],
  ["abandon", { max_percent: 3, per: "30d", connect_within: "2s" }, "At most 3% per 30d, connected within 2s"],
  ["abandon", { max_percent: 3, per: "30d", connect_within: "2s", message: true }, "At most 3% per 30d, connected within 2s or told who called"],
  ["callerid", { must_present: true, series: ["140"] }, "must present: yes; series: 140"],
  ["recording", {}, "–"],
])("a %s rule of %j asks for %s", (kind, params, text) => expect(demands({ kind, params } as unknown as PackRule)).toBe(text));

test("says where a rule holds and of which calls", () => {
  expect(places({ countries: [], states: [] })).toBe("Everywhere");
  expect(places({ countries: ["US"], states: ["FL", "TX"] })).toBe("US: FL, TX");
  expect(calls({ purposes: ["debt_collection"], voices: ["artificial"], lines: [] })).toBe("debt collection; artificial voice");
  expect(calls({ purposes: [], voices: [], lines: [] })).toBe("every call");
  expect(dates({ effective_from: "2021-07-01", effective_to: "" })).toBe("from 2021-07-01");
});

test("filters by words, kind and place, where a rule of the country holds too", () => {
  expect(ids({ place: "US-FL" })).toEqual(["us.tsr.hours", "us.regf.7in7", "us.fcc.ai-voice.sales", "us.dnc.national", "us.fl.hours"]);
  expect(ids({ kind: "window", q: "florida" })).toEqual(["us.fl.hours"]);
  expect(ids({ place: "FR" })).toEqual([]);
  expect(allPlaces(p)).toEqual(["US", "US-FL", "US-TX"]);
  expect(ruleSearch({ q: "", kind: 7, place: "US-FL" })).toEqual({ q: undefined, kind: undefined, place: "US-FL" });
});
