import type { View, ViewSearch } from "../api/views";

/** What of an address a view keeps: everything that is set, but for which view is open. */
export function kept(search: object): ViewSearch {
  return Object.fromEntries(Object.entries(search).filter(([k, v]) => k !== "view" && v !== undefined)) as ViewSearch;
}

/** Whether an address shows what a view keeps. */
export function shows(search: object, view: Pick<View, "search">): boolean {
  const flat = (s: object) => JSON.stringify(Object.entries(kept(s)).sort(([a], [b]) => (a < b ? -1 : 1)));
  return flat(search) === flat(view.search);
}

/** Reads which view is open from an address. */
export const viewId = (v: unknown): string | undefined => (typeof v === "string" && /^vw_[a-z2-7]{26}$/.test(v) ? v : undefined);
