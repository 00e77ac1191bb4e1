import type { CallerID, NumberFilter } from "../../api/numbers";

export interface PoolFigures {
  name: string;
  numbers: number;
  ready: number;
  resting: number;
  full: number;
  /** Calls that caps still allow today from numbers that do not rest; null when one has no cap. */
  room: number | null;
  attempts: number;
  answered: number;
  /** Numbers whose figures are bad beside the rest of the pool. */
  ill: number;
}

/** Sums numbers up by pool, in the order of names. A number of several pools counts in each. */
export function poolsOf(numbers: readonly CallerID[]): PoolFigures[] {
  const pools = new Map<string, PoolFigures>();
  for (const n of numbers)
    for (const p of n.pools) {
      const sum = pools.get(p.name) ?? { name: p.name, numbers: 0, ready: 0, resting: 0, full: 0, room: 0, attempts: 0, answered: 0, ill: 0 };
      pools.set(p.name, sum);
      sum.numbers++;
      sum[n.state]++;
      sum.room = sum.room === null || n.daily_cap === null ? null : sum.room + (n.state === "resting" ? 0 : Math.max(0, n.daily_cap - n.calls_today));
      sum.attempts += n.health.attempts;
      sum.answered += n.health.answered;
      if (p.ill) sum.ill++;
    }
  return [...pools.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/** The numbers that a filter leaves. */
export const filtered = (numbers: readonly CallerID[], f: NumberFilter): CallerID[] =>
  numbers.filter((n) => (!f.state || n.state === f.state) && (!f.pool || n.pools.some((p) => p.name === f.pool)));

const states = ["ready", "full", "resting"] as const;

export function numberSearch(s: Record<string, unknown>): NumberFilter {
  return {
    pool: typeof s.pool === "string" && s.pool !== "" ? s.pool.slice(0, 200) : undefined,
    state: states.find((x) => x === s.state),
  };
}
