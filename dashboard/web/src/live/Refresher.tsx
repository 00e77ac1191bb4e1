import { type Query, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { snapshot } from "./stream";
import { useLive } from "./useLive";

/** Least time (ms) between two fetches of the same list: calls change figures many times a second. */
const CALM = 2_500;

/** What does not look after itself. */
const ours = (q: Query): boolean => q.meta?.calm !== true;

/**
 * Fetches figures and lists again when the stream says that they changed, or after a gap in it. It draws nothing and
 * never fetches while a change of ours is under way, so that an optimistic row is not undone by an older answer.
 */
export function Refresher() {
  const queries = useQueryClient();
  const mark = useLive((l) => l.frame && `${l.openings} ${l.frame.changed.cadences} ${l.frame.changed.attempts}`);
  const seen = useRef<string>(null);
  const last = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const due = useRef<(q: Query) => boolean>(ours);

  useEffect(() => {
    const first = seen.current === null;
    if (mark === null || mark === seen.current) return;
    seen.current = mark;
    // The first frame says nothing new, but to what could not be had before it.
    if (first) return void queries.refetchQueries({ type: "active", predicate: (q) => q.state.status === "error" });
    due.current = ours;
    if (timer.current) return;
    const refresh = () => {
      timer.current = undefined;
      if (snapshot().link === "paused") return; // held still; the gap is made up for when the stream flows again
      if (queries.isMutating() > 0) {
        timer.current = setTimeout(refresh, CALM);
        return;
      }
      last.current = Date.now();
      const predicate = due.current;
      // What is on its way may have been read before the change: it is let come, and asked for again after it.
      const late = new Set(queries.getQueryCache().findAll({ fetchStatus: "fetching", predicate }));
      void queries.invalidateQueries({ predicate }, { cancelRefetch: false });
      if (late.size === 0) return;
      due.current = (q) => late.has(q);
      timer.current = setTimeout(refresh, CALM);
    };
    timer.current = setTimeout(refresh, Math.max(0, last.current + CALM - Date.now()));
  }, [mark, queries]);

  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
  return null;
}
