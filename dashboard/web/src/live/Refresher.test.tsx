import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { act, render } from "@testing-library/react";
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
