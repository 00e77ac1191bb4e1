import type { LeadSort } from "../../api/leads";

/** The columns of the list of leads; the name is always there. What has no order that a million leads can be listed in has none here. */
export const columns = [
  { key: "number", label: "Number", width: "minmax(124px, 1fr)", sort: undefined },
  { key: "email", label: "E-mail", width: "minmax(140px, 1.6fr)", sort: undefined },
  { key: "external", label: "External id", width: "minmax(100px, 1fr)", sort: undefined },
  { key: "status", label: "Status", width: "minmax(90px, 1fr)", sort: undefined },
  { key: "owner", label: "Owner", width: "minmax(90px, 1fr)", sort: undefined },
  { key: "place", label: "State", width: "minmax(60px, 0.6fr)", sort: undefined },
  { key: "created", label: "Came in", width: "minmax(110px, 0.9fr)", sort: "created" },
  { key: "called", label: "Last call", width: "minmax(110px, 0.9fr)", sort: "called" },
] as const satisfies readonly { key: string; label: string; width: string; sort: LeadSort | undefined }[];

export type Column = (typeof columns)[number]["key"];

export const usual: readonly Column[] = ["number", "email", "external", "status", "called"];

/** What is kept first where not every column fits, and how wide (px) each has to be. */
const first: readonly Column[] = ["number", "called", "status", "email", "external", "owner", "created", "place"];
const least = (c: Column): number => Number(/\d+/.exec(columns.find((x) => x.key === c)?.width ?? "")?.[0] ?? 0);

/** Those of the columns that a width (px) has room for. */
export function fitting(cols: readonly Column[], room: number): Column[] {
  const kept = new Set<Column>();
  for (const c of first.filter((x) => cols.includes(x))) {
    room -= least(c);
    if (room >= 0) kept.add(c);
    else break;
  }
  return cols.filter((c) => kept.has(c));
}

/** A choice with one column put in or taken out, in the fixed order; the usual ones need no place in the address. */
export function chosenColumns(now: readonly Column[], key: Column): Column[] | undefined {
  const next = columns.map((c) => c.key).filter((k) => (k === key ? !now.includes(k) : now.includes(k)));
  return next.join() === usual.join() ? undefined : next;
}

/** What a click on a heading asks for: times begin with the newest, names with A; a second click turns it, a third lets it be. */
export function nextSort(now: LeadSort | undefined, by: "name" | "created" | "called"): LeadSort | undefined {
  const first: LeadSort = by === "name" ? "name" : `-${by}`;
  const second: LeadSort = by === "name" ? "-name" : by;
  return now === first ? second : now === second ? undefined : first;
}

/** How a heading is told to be sorted. */
export function ariaSort(now: LeadSort | undefined, by: string): "ascending" | "descending" | "none" {
  if (now === by) return "ascending";
  return now === `-${by}` ? "descending" : "none";
}
