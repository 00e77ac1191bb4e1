import { type Query, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { snapshot } from "./stream";
import { useLive } from "./useLive";

/** Least time (ms) between two fetches of the same list: calls change figures many times a second. */
const CALM = 2_500;

/** Of a list that was scrolled far, every page is fetched again: it waits a turn for each page, up to so many. */
const SLOWEST = 4;

/** What does not look after itself. */
const ours = (q: Query): boolean => q.meta?.calm !== true;

/** Whether a list of several pages was fetched so recently that it waits for a later turn; an answer comes some time after its turn. */
function rests(q: Query): boolean {
  const pages = (q.state.data as { pages?: readonly unknown[] } | undefined)?.pages?.length ?? 1;
  return pages > 1 && Date.now() - q.state.dataUpdatedAt < CALM * (Math.min(pages, SLOWEST) - 0.5);
}

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
      // What is on its way may have been read before the change: it is let come, and asked for again after it, as is what rests.
      const late = new Set(queries.getQueryCache().findAll({ predicate }).filter((q) => q.state.fetchStatus === "fetching" || (q.isActive() && rests(q))));
      void queries.invalidateQueries({ predicate: (q) => predicate(q) && !late.has(q) }, { cancelRefetch: false });
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
