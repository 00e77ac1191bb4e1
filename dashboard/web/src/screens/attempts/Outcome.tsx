import { Badge } from "@mantine/core";
import type { Attempt } from "../../api/attempts";
import { words } from "../../lib/format";
import classes from "./Attempts.module.css";
import { isOver, stateNames } from "./search";

/** How a call went, or where it stands. Colour only repeats what the words say. */
export function Outcome({ attempt, stale = false }: { attempt: Pick<Attempt, "state" | "disposition" | "result">; stale?: boolean }) {
  const { tone, label } = outcome(attempt, stale);
  return <Badge variant="default" className={classes.badge} data-tone={tone} title={stale ? "It ended while this list stood still. Open it to see how." : undefined}>{label}</Badge>;
}

export function outcome(a: Pick<Attempt, "state" | "disposition" | "result">, stale: boolean): { tone: "open" | "good" | "warn" | "bad" | "plain"; label: string } {
  if (stale) return { tone: "plain", label: "Over" };
  if (a.state === "unknown") return { tone: "warn", label: stateNames.unknown };
  if (!isOver(a.state)) return { tone: "open", label: stateNames[a.state] };
  if (a.disposition === "") return { tone: "bad", label: stateNames[a.state] };
  return { tone: a.state === "rejected" || a.state === "not_placed" ? "bad" : a.result === "answered" ? "good" : "plain", label: words(a.disposition) };
}
