import type { Attempt } from "../../api/attempts";
import { isOver } from "./search";

/** What the page shows, and what waits above it until it is asked for. */
export interface Tail {
  rows: readonly TailRow[];
  waiting: number;
}

export interface TailRow {
  attempt: Attempt;
  /** It ended while it was shown and its end is no longer on the pages that were fetched. */
  stale: boolean;
}

const newestFirst = (a: Attempt, b: Attempt): number => b.intent_at.localeCompare(a.intent_at) || b.id.localeCompare(a.id);

/** The whole of what was fetched, newest first. The server lists open calls before closed ones. */
export function whole(fetched: readonly Attempt[]): Tail {
  const once = new Map(fetched.map((a) => [a.id, a]));
  return { rows: [...once.values()].sort(newestFirst).map((attempt) => ({ attempt, stale: false })), waiting: 0 };
}

/**
 * Lays what was fetched over what is shown without moving a row: known rows change where they are, older ones follow
 * below, and newer ones are only counted.
 */
export function merge(shown: readonly TailRow[], fetched: readonly Attempt[]): Tail {
  if (shown.length === 0) return whole(fetched);
  const fresh = new Map(fetched.map((a) => [a.id, a]));
  const rows = shown.map((row): TailRow => {
    const now = fresh.get(row.attempt.id);
    fresh.delete(row.attempt.id);
    if (now) return same(row, now) ? row : { attempt: now, stale: false };
    return isOver(row.attempt.state) || row.stale ? row : { ...row, stale: true };
  });
  const last = shown.at(-1)?.attempt;
  const others = [...fresh.values()].sort(newestFirst);
  const below = others.filter((a) => last !== undefined && newestFirst(a, last) > 0);
  return { rows: [...rows, ...below.map((attempt) => ({ attempt, stale: false }))], waiting: others.length - below.length };
}

/** Whether a row would be drawn as it is; a row that is kept is not drawn again. */
function same(row: TailRow, now: Attempt): boolean {
  const was = row.attempt;
  return !row.stale && was.state === now.state && was.disposition === now.disposition && was.talk_seconds === now.talk_seconds && was.price === now.price;
}
