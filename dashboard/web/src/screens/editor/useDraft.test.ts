import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import { createElement } from "react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { sampleCadences } from "../../../e2e/mock/cadences";
import { ApiError, type CadenceDetail } from "../../api/client";
import { put } from "./document";
import { type Draft, fresh, reduce, resumed, useDraft } from "./useDraft";

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

describe("the storing", () => {
  /** Each request waits until it is answered; as the server does, one that is not about the newest revision is refused. */
  let asked: { revision: number; name: string; answer: () => Promise<void> }[];
  let revision: number;
  let session: boolean;

  beforeEach(() => {
    vi.useFakeTimers();
    asked = [];
    const c = one();
    revision = c.revision;
    session = true;
    vi.stubGlobal("fetch", async (request: Request) => {
      const draft = (await request.json()) as CadenceDetail["draft"];
      const seen = Number(request.headers.get("If-Match")?.replaceAll('"', ""));
      await new Promise<void>((go) => asked.push({ revision: seen, name: draft.name, answer: async () => { go(); await vi.advanceTimersByTimeAsync(0); } }));
      if (!session) return Response.json({ error: { code: "unauthorized", message: "Sign in first.", field: "", details: [] } }, { status: 401 });
      if (seen !== revision) return Response.json({ error: { code: "conflict", message: "changed since", field: "If-Match", details: [] } }, { status: 409 });
      return Response.json({ ...c, draft, revision: ++revision });
    });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
    sessionStorage.clear();
  });

  const edited = (user = "usr_1") => {
    const queries = new QueryClient();
    queries.setQueryData(["me"], { user: { id: user } });
    const hook = renderHook(() => useDraft(one()), { wrapper: ({ children }) => createElement(QueryClientProvider, { client: queries }, children) });
    const type = (name: string) => act(() => hook.result.current.set(["name"], name));
    const later = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
    return { ...hook, type, later };
  };

  test("what is typed during a slow request is stored after it, and is nobody else's change", async () => {
    const { result, type, later } = edited();
    type("A");
    await later(900);
    type("AB");
    await later(900); // the first has no answer yet
    type("ABC");
    await later(900);
    expect(asked.map((a) => a.name)).toEqual(["A"]);
    await act(() => asked[0]?.answer() ?? Promise.resolve());
    expect(asked.map((a) => [a.name, a.revision])).toEqual([["A", 3], ["ABC", 4]]);
    await act(() => asked[1]?.answer() ?? Promise.resolve());
    await later(2000);
    expect(result.current.draft).toMatchObject({ saving: "saved", revision: 5 });
    expect(asked).toHaveLength(2);
  });

  test("what was typed last is stored when the page is left, after what is on its way", async () => {
    const { unmount, type, later } = edited();
    type("A");
    await later(900);
    type("AB");
    unmount();
    await asked[0]?.answer();
    await vi.advanceTimersByTimeAsync(0);
    expect(asked.map((a) => [a.name, a.revision])).toEqual([["A", 3], ["AB", 4]]);
  });

  /** Types with a session that ends, until the page is taken away; the editor is opened again by somebody. */
  const signedOutAnd = async (typed: string[], by?: string) => {
    const first = edited();
    session = false;
    for (const name of typed) {
      first.type(name);
      await first.later(900);
      if (name !== typed.at(-1)) await act(() => asked.at(-1)?.answer() ?? Promise.resolve());
    }
    first.unmount();
    for (let n = 0; n < asked.length; n++) await asked[n]?.answer();
    session = true;
    asked = [];
    return edited(by);
  };

  test.each([[["A"]], [["A", "AB"]]])("what could not be stored after the session ended is stored when the editor is back: %j", async (typed) => {
    const { result, later } = await signedOutAnd(typed);
    expect(result.current.draft.document.name).toBe(typed.at(-1));
    await later(900);
    await act(() => asked[0]?.answer() ?? Promise.resolve());
    expect(result.current.draft).toMatchObject({ saving: "saved", revision: 4 });
    expect(edited().result.current.draft.document.name).not.toBe(typed.at(-1)); // once
  });

  test("what was refused for the ended session is kept without being sent again", async () => {
    const first = edited();
    session = false;
    first.type("A");
    await first.later(900);
    await act(() => asked[0]?.answer() ?? Promise.resolve());
    expect(first.result.current.draft.saving).toBe("refused");
    first.unmount();
    expect(asked).toHaveLength(1);
    expect(edited().result.current.draft).toMatchObject({ saving: "changed", document: { name: "A" } });
  });

  test("somebody else who signs in gets none of it", async () => {
    const { result } = await signedOutAnd(["A"], "usr_2");
    expect(result.current.draft).toMatchObject({ saving: "saved" });
    expect(result.current.draft.document.name).not.toBe("A");
  });

  test("a kept draft goes over nobody's work", () => {
    const c = one();
    const s = resumed({ ...c, revision: c.revision + 1 }, { revision: c.revision, document: { ...c.draft, name: "A" } });
    expect(s).toMatchObject({ saving: "conflict", document: { name: "A" } });
  });
});
