import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { snapshot } from "./stream";
import { useLive } from "./useLive";

/** Least time (ms) between two fetches of the same list: calls change figures many times a second. */
const CALM = 2_500;

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

  useEffect(() => {
    const first = seen.current === null;
    if (mark === null || mark === seen.current) return;
    seen.current = mark;
    if (first || timer.current) return;
    const refresh = () => {
      if (snapshot().link === "paused") {
        timer.current = undefined; // held still; the gap is made up for when the stream flows again
        return;
      }
      if (queries.isMutating() > 0) {
        timer.current = setTimeout(refresh, CALM);
        return;
      }
      timer.current = undefined;
      last.current = Date.now();
      void queries.invalidateQueries({ predicate: (q) => q.meta?.calm !== true }, { cancelRefetch: false });
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
