import type { Attempt, ReturnCall } from "../../api/attempts";

/** One thing that happened with a lead: we called, or they did. */
export type Touched = { at: string; id: string } & ({ call: Attempt; back?: undefined } | { call?: undefined; back: ReturnCall });

interface Paged<T> {
  items: readonly T[];
  /** Older ones were not fetched yet. */
  more: boolean;
}

/**
 * Calls and return calls in one order, newest first. Of two lists that are fetched in pages, what is older than the end
 * of an unfinished one waits, so that a later page adds below and never in between.
 */
export function timeline(calls: Paged<Attempt>, backs: Paged<ReturnCall>): Touched[] {
  const all: Touched[] = [...calls.items.map((call) => ({ at: call.intent_at, id: call.id, call })), ...backs.items.map((back) => ({ at: back.at, id: back.id, back }))];
  const ends = [oldest(calls, (a) => a.intent_at), oldest(backs, (b) => b.at)].filter((x) => x !== undefined);
  const from = ends.sort().at(-1) ?? "";
  return all.filter((t) => t.at >= from).sort((a, b) => b.at.localeCompare(a.at) || b.id.localeCompare(a.id));
}

/** Where an unfinished list ends: what follows in it is older than its last. */
function oldest<T>({ items, more }: Paged<T>, at: (t: T) => string): string | undefined {
  const last = items.at(-1);
  return more && last ? at(last) : undefined;
}

/** What became of a call to one of our numbers, in words. */
export function cameOf(b: Pick<ReturnCall, "outcome" | "target" | "digits">): { label: string; tone: "open" | "good" | "bad" | "plain" } {
  switch (b.outcome) {
    case "open": return { label: "On the line", tone: "open" };
    case "opted_out": return { label: "Asked not to be called", tone: "bad" };
    case "connected": return { label: b.target === "owner" ? "Talked with the owner" : "Somebody took it", tone: "good" };
    case "message": return { label: "Heard the message", tone: "plain" };
    case "missed": return { label: "Nobody took it", tone: "bad" };
  }
}
