import type { Shortcut } from "./registry";

/** The links that open the rows of the page's list, in their order. */
const links = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("#main [data-rows] .open-link")].filter((l) => l.offsetParent !== null || !l.checkVisibility || l.checkVisibility());

/** Which row has the focus, -1 for none: the one that holds whatever has it. */
function current(all: readonly HTMLElement[]): number {
  const at = document.activeElement;
  const row = at?.closest("tr,[role=row],li");
  return all.findIndex((l) => l === at || (row !== null && row !== undefined && row.contains(l)));
}

/** Moves the focus to the row n further, and shows it. */
export function step(n: number) {
  const all = links();
  const at = current(all);
  const next = all[at < 0 ? (n > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + n))];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
}

/** The row that has the focus. */
export const rowInFocus = (): HTMLElement | null => document.activeElement?.closest<HTMLElement>("[data-rows] :is(tr,[role=row],li)") ?? null;

/** Goes through the rows of a list by keys; Enter opens the one in focus, being a link. */
export const rowKeys: readonly Shortcut[] = [
  { keys: "j", label: "Next row", group: "Tables", also: ["ArrowDown"], keyOnly: true, run: () => step(1) },
  { keys: "k", label: "Row before", group: "Tables", also: ["ArrowUp"], keyOnly: true, run: () => step(-1) },
];
