import { QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import { createElement } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type List, useListChange, useListPages } from "./lists";
import { newQueryClient } from "./queries";

/** Reads are answered at once with what the server has; each change waits until it is answered. */
let asked: { id: string; answer: () => Promise<void> }[];
let stored: { id: string; name: string; paused: boolean }[];

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  stored = [{ id: "a", name: "A", paused: false }, { id: "b", name: "B", paused: false }];
  vi.stubGlobal("fetch", async (request: Request) => {
    if (request.method === "GET") return Response.json({ items: stored, next: null });
    const id = new URL(request.url).pathname.split("/").at(-1) ?? "";
    const change = (await request.json()) as object;
    await new Promise<void>((go) => asked.push({ id, answer: async () => { go(); await vi.advanceTimersByTimeAsync(0); } }));
    stored = stored.map((l) => (l.id === id ? { ...l, ...change } : l));
    return Response.json({});
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function lists() {
  const queries = newQueryClient();
  const hook = renderHook(() => ({ pages: useListPages(), change: useListChange() }), { wrapper: ({ children }) => createElement(QueryClientProvider, { client: queries }, children) });
  const later = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
  await later(0);
  const shown = () => hook.result.current.pages.data?.pages.flatMap((p) => p.items.filter((l) => l.paused).map((l) => l.id)).join("");
  const pause = async (id: string) => {
    act(() => hook.result.current.change.mutate({ list: stored.find((l) => l.id === id) as unknown as List, change: { paused: true } }));
    await later(0);
  };
  return { ...hook, later, shown, pause };
}

test("a list that is looked at again does not undo a change that is on its way", async () => {
  const { later, shown, pause, unmount } = await lists();
  await pause("a");
  expect(shown()).toBe("a");
  await later(12_000); // twice as long as lists wait to be asked for again
  expect(shown()).toBe("a");
  await act(() => asked[0]?.answer() ?? Promise.resolve());
  await later(0);
  expect(shown()).toBe("a");
  stored = stored.map((l) => ({ ...l, paused: false }));
  await later(6000); // and then it is looked at again
  expect(shown()).toBe("");
  unmount();
});

test("the answer to one change does not undo the next", async () => {
  const { later, shown, pause, unmount } = await lists();
  await pause("a");
  await pause("b");
  await act(() => asked[0]?.answer() ?? Promise.resolve());
  await later(100);
  expect(shown()).toBe("ab");
  await act(() => asked[1]?.answer() ?? Promise.resolve());
  await later(100);
  expect(shown()).toBe("ab");
  unmount();
});
