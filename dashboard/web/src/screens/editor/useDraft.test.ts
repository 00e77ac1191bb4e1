import { expect, test } from "vitest";
import { sampleCadences } from "../../../e2e/mock/cadences";
import { ApiError, type CadenceDetail } from "../../api/client";
import { put } from "./document";
import { type Draft, fresh, reduce } from "./useDraft";

const one = (): CadenceDetail => {
  const c = sampleCadences("few", "2026-01-06T15:00:00Z")[0];
  if (!c) throw new Error("there is no sample");
  return c;
};
const named = (s: Draft, name: string) => reduce(s, { do: "edit", change: (d) => put(d, ["name"], name) });

test("an answer about an older text leaves the newer one to be stored", () => {
  const c = one();
  let s = reduce(named(fresh(c), "A"), { do: "sending" });
  const sent = s.edits;
  s = named(s, "AB");
  s = reduce(s, { do: "stored", answer: { ...c, revision: 77 }, edits: sent });
  expect(s).toMatchObject({ saving: "changed", revision: 77 });
  expect(s.document.name).toBe("AB");
  expect(reduce(s, { do: "stored", answer: { ...c, revision: 78 }, edits: s.edits }).saving).toBe("saved");
});

test("somebody else's change stops the storing, and typing on does not start it again", () => {
  const s = reduce(named(fresh(one()), "A"), { do: "failed", error: new ApiError("conflict", "changed since", [], 409, "If-Match"), edits: 1 });
  expect(s.saving).toBe("conflict");
  expect(named(s, "AB")).toMatchObject({ saving: "conflict", document: { name: "AB" } });
});

test("a name in use is an error of the name", () => {
  const s = reduce(named(fresh(one()), "A"), { do: "failed", error: new ApiError("conflict", "there is already a cadence named A", [], 409, "name"), edits: 1 });
  expect(s.saving).toBe("refused");
  expect(s.problems[0]).toMatchObject({ path: "name", severity: "error" });
});

test("an unreadable text keeps the problems with their places, and is tried again when it changes", () => {
  const problem = { severity: "error" as const, code: "bad_span", path: "steps[0].delay_after", message: "no delay" };
  const s = reduce(named(fresh(one()), "A"), { do: "failed", error: new ApiError("invalid", "cannot be read", [problem], 400), edits: 1 });
  expect(s).toMatchObject({ saving: "refused", problems: [problem], publishable: false });
  expect(named(s, "B").saving).toBe("changed");
});

test("a change that changes nothing is none", () => {
  const s = fresh(one());
  expect(reduce(s, { do: "edit", change: (d) => d })).toBe(s);
});
