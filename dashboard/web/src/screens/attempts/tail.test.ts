import { expect, test } from "vitest";
import { sampleAttempts } from "../../../e2e/mock/attempts";
import { attemptSearch, cadenceWords } from "./search";
import { merge, whole } from "./tail";

const calls = sampleAttempts("few", "2026-01-06T15:00:00.000Z");
const ids = (rows: readonly { attempt: { id: string } }[]) => rows.map((r) => r.attempt.id);

test("lists what was fetched newest first, each once", () => {
  const t = whole([...calls].reverse().concat(calls));
  expect(ids(t.rows)).toEqual(calls.map((a) => a.id));
});

test("new calls are counted and move no row", () => {
  const shown = whole(calls.slice(3)).rows;
  const t = merge(shown, calls);
  expect(t.waiting).toBe(3);
  expect(ids(t.rows)).toEqual(ids(shown));
  expect(t.rows[0]).toBe(shown[0]);
});

test("a call that goes on changes where it stands", () => {
  const open = calls.findIndex((a) => a.state === "ringing");
  const ended = calls.map((a, i) => (i === open ? { ...a, state: "ended" as const, disposition: "NO_ANSWER" } : a));
  const t = merge(whole(calls).rows, ended);
  expect(ids(t.rows)).toEqual(calls.map((a) => a.id));
  expect(t.rows[open]?.attempt.disposition).toBe("NO_ANSWER");
});

test("older calls follow below", () => {
  const t = merge(whole(calls.slice(0, 4)).rows, calls);
  expect(t.waiting).toBe(0);
  expect(ids(t.rows)).toEqual(calls.map((a) => a.id));
});

test("an open call that was pushed off the fetched pages is not shown as open", () => {
  const open = calls.find((a) => a.state === "ringing");
  const t = merge(whole(calls).rows, calls.filter((a) => a !== open));
  expect(t.rows.find((r) => r.attempt === open)?.stale).toBe(true);
  expect(t.rows.filter((r) => r.stale).length).toBe(1);
});

test("takes from the address only what is a filter", () => {
  expect(attemptSearch({ caller_id: 13035550100, state: "ringing", from: "2026-01-06", to: "soon", disposition: "<img>", cadence: "x" })).toEqual({
    caller_id: "+13035550100", state: "ringing", from: "2026-01-06", to: undefined, disposition: undefined, cadence: undefined, lead: undefined,
  });
});

test("names the cadences that a figure was of", () => {
  expect(attemptSearch({ type: "sip", cadence_status: "active", campaign: 2026 })).toMatchObject({ type: "sip", cadence_status: "active", campaign: "2026" });
  expect(attemptSearch({ type: "fax", cadence_status: "gone", campaign: "" })).toMatchObject({ type: undefined, cadence_status: undefined, campaign: undefined });
  expect([cadenceWords({ type: "sip" }), cadenceWords({ cadence_status: "draft" }), cadenceWords({ type: "number", cadence_status: "active" })])
    .toEqual(["Answered by: sip address", "draft cadences", "Answered by: phone number, active cadences"]);
});
