import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useSearchText } from "./useSearchText";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A field over an address that changes when it is told to: `arrive` is when what was looked for stands in it. */
function field(q?: string) {
  const look = vi.fn<(q: string | undefined) => void>();
  const hook = renderHook(({ q }: { q?: string }) => useSearchText(q, look), { initialProps: { q } });
  return {
    look,
    text: () => hook.result.current[0],
    type: (t: string) => act(() => hook.result.current[1](t)),
    later: () => act(() => vi.advanceTimersByTime(300)),
    arrive: (q?: string) => hook.rerender({ q }),
  };
}

test("looks once for what was typed, without the spaces around it, and leaves them where they are", () => {
  const f = field();
  f.type("spring");
  f.type("spring ");
  f.later();
  expect(f.look.mock.calls).toEqual([["spring"]]);
  f.arrive("spring");
  expect(f.text()).toBe("spring ");
});

test("an address that comes late takes no letter back", () => {
  const f = field();
  f.type("a");
  f.later();
  f.type("ab");
  f.arrive("a");
  expect(f.text()).toBe("ab");
  f.later();
  expect(f.look.mock.calls).toEqual([["a"], ["ab"]]);
});

test("Back and a cleared filter change the text, and nothing that was typed before comes after", () => {
  const f = field("old");
  f.type("older");
  f.arrive(undefined);
  expect(f.text()).toBe("");
  f.later();
  expect(f.look).not.toHaveBeenCalled();
});
