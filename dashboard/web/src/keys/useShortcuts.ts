import { useEffect, useRef, useSyncExternalStore } from "react";
import { type Shortcut, reader, register, shortcuts, singleKeys, subscribe } from "./registry";

/** Keys for as long as the component is there. What they do may change with each drawing; which they are, with their labels. */
export function useShortcuts(of: readonly Shortcut[]) {
  const latest = useRef(of);
  useEffect(() => {
    latest.current = of;
  });
  const which = of.map((s) => [s.group, s.keys, s.label, ...(s.also ?? [])].join("\u0000")).join("\u0001");
  useEffect(() => register(latest.current.map((s, i) => ({ ...s, run: () => latest.current[i]?.run() }))), [which]);
}

/** Every key that does something now. */
export const useAllShortcuts = (): readonly Shortcut[] => useSyncExternalStore(subscribe, shortcuts);

/** Whether single keys do anything, for whoever shows them. */
export const useSingleKeys = (): boolean => useSyncExternalStore(subscribe, singleKeys);

/** A dialog or an open menu has the keys to itself. */
const busy = () => document.querySelector('[aria-modal="true"],[role="menu"],[role="listbox"]') !== null;

/** Listens for all registered keys; the frame does so once. */
export function useKeyListener() {
  useEffect(() => {
    const read = reader();
    const listen = (e: KeyboardEvent) => {
      if (e.defaultPrevented || e.isComposing || busy()) return;
      const hit = read(e, shortcuts());
      if (!hit) return;
      e.preventDefault();
      hit.run();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
}
