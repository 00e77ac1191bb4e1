import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { World } from "../../e2e/mock/world";
import { FakeStream } from "../test/FakeStream";
import { HISTORY, pause, remember, snapshot, subscribe } from "./stream";

const frame = new World({}).frame();
let leave: (() => void)[] = [];
const join = (f = () => {}) => leave.push(subscribe(f));

function hide(hidden: boolean) {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", FakeStream);
  FakeStream.all = [];
});
afterEach(() => {
  for (const f of leave) f();
  leave = [];
  pause(false);
  hide(false);
  vi.useRealTimers();
});

test("one stream serves every listener and closes with the last", () => {
  join();
  join();
  expect(FakeStream.all.length).toBe(1);
  expect(FakeStream.open?.url).toBe("/v1/live");
  leave.pop()?.();
  expect(FakeStream.open).toBeDefined();
  leave.pop()?.();
  expect(FakeStream.open).toBeUndefined();
});

test("a frame reaches the listeners", () => {
  const told = vi.fn();
  join(told);
  told.mockClear();
  FakeStream.open?.send(frame);
  expect(told).toHaveBeenCalledOnce();
  expect(snapshot().link).toBe("live");
  expect(snapshot().frame?.attempts).toBe(frame.attempts);
});

test("a hidden page gives its connection back, a shown one opens it again", () => {
  join();
  hide(true);
  expect(FakeStream.open).toBeUndefined();
  expect(snapshot().link).toBe("paused");
  hide(false);
  expect(FakeStream.open).toBeDefined();
});

test("held still, it stays closed when the page is shown again", () => {
  join();
  pause(true);
  hide(true);
  hide(false);
  expect(FakeStream.open).toBeUndefined();
  pause(false);
  expect(FakeStream.open).toBeDefined();
});

test("silence is taken for a loss", () => {
  join();
  FakeStream.open?.send(frame);
  vi.advanceTimersByTime(9_999);
  expect(snapshot().link).toBe("live");
  vi.advanceTimersByTime(1);
  expect(snapshot().link).toBe("lost");
  expect(FakeStream.all.length).toBe(2);
});

test("a stream that the browser gave up is opened again, and the gap is counted", () => {
  join();
  FakeStream.open?.send(frame);
  const before = snapshot().openings;
  FakeStream.open?.fail(true);
  expect(snapshot().link).toBe("lost");
  vi.advanceTimersByTime(3_000);
  FakeStream.open?.send(frame);
  expect(snapshot().link).toBe("live");
  expect(snapshot().openings).toBe(before + 1);
});

test("the history is bounded", () => {
  let h = remember([], frame, 0);
  for (let i = 1; i < 500; i++) h = remember(h, { ...frame, calls_in_progress: i }, i);
  expect(h.length).toBe(HISTORY);
  expect(h.at(-1)?.inProgress).toBe(499);
});
