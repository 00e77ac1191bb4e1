import { useSyncExternalStore } from "react";
import { type LiveState, snapshot, subscribe } from "./stream";

/**
 * Reads one thing from the live stream. Only leaf components call it, and pick returns something that stays equal
 * while it does not change, so that a frame redraws a few words and not the page.
 */
export function useLive<T>(pick: (live: LiveState) => T): T {
  return useSyncExternalStore(subscribe, () => pick(snapshot()));
}
