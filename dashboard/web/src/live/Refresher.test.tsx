import { QueryClient, QueryClientProvider, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { act, render } from "@testing-library/react";
import { useEffect } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { World } from "../../e2e/mock/world";
import { FakeStream } from "../test/FakeStream";
import { Refresher } from "./Refresher";

let answers: ((n: number) => void)[];
beforeEach(() => {
  answers = [];
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", FakeStream);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function Probe() {
  useQuery({ queryKey: ["probe"], queryFn: () => new Promise<number>((answer) => answers.push(answer)) });
  return null;
}

function LongProbe({ pages }: { pages: number }) {
  const { data, fetchNextPage } = useInfiniteQuery({
    queryKey: ["long"],
    queryFn: ({ pageParam }) => new Promise<number>((answer) => { answers.push(answer); answer(pageParam); }),
    initialPageParam: 0,
    getNextPageParam: (page: number) => page + 1,
  });
  const have = data?.pages.length ?? 0;
  useEffect(() => {
    if (have > 0 && have < pages) void fetchNextPage();
  }, [have, pages, fetchNextPage]);
  return null;
}

test.each([[1, 8], [2, 4 * 2], [6, 2 * 6]])("a list of %i pages is read anew so often that it asks at most for %i in twenty seconds", async (pages, most) => {
  const queries = new QueryClient();
  const view = render(<QueryClientProvider client={queries}><Refresher /><LongProbe pages={pages} /></QueryClientProvider>);
  const frame = new World({}).frame();
  await act(() => vi.advanceTimersByTimeAsync(100));
  act(() => FakeStream.open?.send(frame));
  answers.length = 0;
  for (let n = 1; n <= 40; n++) {
    act(() => FakeStream.open?.send({ ...frame, changed: { ...frame.changed, attempts: n } }));
    await act(() => vi.advanceTimersByTimeAsync(500));
  }
  expect(answers.length).toBeGreaterThan(most / 2);
  expect(answers.length).toBeLessThanOrEqual(most);
  answers.length = 0;
  await act(() => vi.advanceTimersByTimeAsync(20_000)); // the last change is shown, and then nothing is asked
  expect(answers.length % pages).toBe(0);
  expect(answers.length).toBeLessThanOrEqual(pages);
  view.unmount();
});

test("what was on its way when a change came is asked for again, once it is there", async () => {
  const queries = new QueryClient();
  const view = render(<QueryClientProvider client={queries}><Refresher /><Probe /></QueryClientProvider>);
  const later = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
  const frame = new World({}).frame();
  const change = (n: number) => act(() => FakeStream.open?.send({ ...frame, changed: { ...frame.changed, attempts: n } }));
  const answer = (n: number) => act(async () => answers[n]?.(n));
  await answer(0);
  change(1);
  change(2);
  await later(0);
  expect(answers).toHaveLength(2);
  change(3); // the second answer was read before this
  await later(2500);
  await answer(1);
  await later(2500);
  expect(answers).toHaveLength(3);
  await answer(2);
  await later(10_000);
  expect(answers).toHaveLength(3);
  view.unmount();
});
