import type { Packs } from "../../api/compliance";
import { asNumber } from "../../api/leads";

export interface DncSearch {
  number?: string;
}

/** Reads the number that is looked for from the address. Digits alone reach us as a number. */
export const dncSearch = (s: Record<string, unknown>): DncSearch => ({
  number: asNumber(typeof s.number === "number" ? `+${s.number}` : typeof s.number === "string" ? s.number : ""),
});

/** How old (days) a list may be by the rules in force; nothing when none is about it. */
export function oldest(packs: Packs | undefined, list: string): { days: number; rule: string } | undefined {
  let least: { days: number; rule: string } | undefined;
  for (const f of packs?.files ?? [])
    for (const r of f.rules) {
      const p = r.params as { list?: string; max_age?: string };
      const days = /^(\d+)d$/.exec(p.max_age ?? "")?.[1];
      if (r.kind === "scrub" && r.in_force && p.list === list && days && (!least || Number(days) < least.days)) least = { days: Number(days), rule: r.id };
    }
  return least;
}

/** Today as a date, the default of a list's. */
export const today = (): string => new Date().toISOString().slice(0, 10);
