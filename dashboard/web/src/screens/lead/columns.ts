/** The columns of the list of a lead's cadences; the name is always there. */
export const columns = [
  { key: "start", label: "Start" },
  { key: "step", label: "Step" },
  { key: "status", label: "Status" },
  { key: "due", label: "Next call due" },
  { key: "run", label: "Run" },
  { key: "version", label: "Version" },
  { key: "reason", label: "Why it ended" },
] as const;

export type Column = (typeof columns)[number]["key"];

export const usual: readonly Column[] = ["start", "step", "status", "due"];

const PLACE = "carillon.lead.cadences.columns";

/** What this browser chose before; the usual ones when it chose nothing, or what it chose cannot be read. */
export function readColumns(store: Pick<Storage, "getItem">): Column[] {
  try {
    const kept: unknown = JSON.parse(store.getItem(PLACE) ?? "null");
    if (!Array.isArray(kept)) return [...usual];
    return columns.map((c) => c.key).filter((k) => kept.includes(k));
  } catch {
    return [...usual];
  }
}

/** Keeps a choice; a browser that keeps nothing forgets it with the page. */
export function keepColumns(store: Pick<Storage, "setItem">, chosen: readonly Column[]) {
  try {
    store.setItem(PLACE, JSON.stringify(chosen));
  } catch {
    // Full or forbidden storage: the choice lasts as long as the page.
  }
}

/** A choice with one column put in or taken out, in the fixed order. */
export const toggled = (chosen: readonly Column[], key: Column): Column[] =>
  columns.map((c) => c.key).filter((k) => (k === key ? !chosen.includes(k) : chosen.includes(k)));
