import type { LeadFilter, LeadSort } from "../../api/leads";
import { viewId } from "../../views/search";
import { type Column, columns } from "./columns";

/** What the page of leads shows; it lives in the address. */
export interface LeadSearch extends LeadFilter {
  /** Columns beside the name, when they are not the usual ones. */
  cols?: Column[];
  /** The saved view that was opened. */
  view?: string;
}

const sorts: readonly LeadSort[] = ["name", "-name", "created", "-created", "called", "-called"];

/** Reads the filters from the address. Digits alone reach us as a number. A search has an order of its own. */
export function leadSearch(s: Record<string, unknown>): LeadSearch {
  const q = typeof s.q === "number" ? String(s.q) : typeof s.q === "string" ? s.q.slice(0, 200) : "";
  const sorted = q === "";
  const cols = s.cols;
  return {
    q: q || undefined,
    list: typeof s.list === "string" && /^ls_[a-z2-7]{26}$/.test(s.list) ? s.list : undefined,
    sort: sorted ? sorts.find((x) => x === s.sort) : undefined,
    called: sorted && (s.called === "never" || s.called === "ever") ? s.called : undefined,
    cols: Array.isArray(cols) ? columns.map((c) => c.key).filter((k) => cols.includes(k)) : undefined,
    view: viewId(s.view),
  };
}
