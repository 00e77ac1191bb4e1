import type { LeadFilter } from "../../api/leads";

/** Reads the filters from the address. Digits alone reach us as a number. */
export function leadSearch(s: Record<string, unknown>): LeadFilter {
  const q = typeof s.q === "number" ? String(s.q) : typeof s.q === "string" ? s.q.slice(0, 200) : "";
  return { q: q || undefined, list: typeof s.list === "string" && /^ls_[a-z2-7]{26}$/.test(s.list) ? s.list : undefined };
}
