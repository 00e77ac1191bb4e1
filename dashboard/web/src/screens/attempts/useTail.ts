import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import { type AttemptFilter, attemptsQuery } from "../../api/attempts";
import { type Tail, merge, whole } from "./tail";

/**
 * The attempts of a filter as they come: what is shown changes in place, what is new is counted until it is asked for.
 * While paused, nothing is fetched but what another filter shows for the first time. Ready says that the filter is decided.
 */
export function useTail(filter: AttemptFilter, paused: boolean, ready: boolean) {
  const list = useInfiniteQuery({ ...attemptsQuery(filter), enabled: (q) => ready && (!paused || q.state.data === undefined) });
  const [asked, ask] = useState(0);
  const kept = useRef<{ of: string; asked: number; data: unknown; tail: Tail }>(undefined);
  const fetched = useMemo(() => list.data?.pages.flatMap((p) => p.items), [list.data]);
  const of = JSON.stringify(filter);
  if (fetched && (kept.current?.of !== of || kept.current.data !== fetched || kept.current.asked !== asked)) {
    const same = kept.current?.of === of && kept.current.asked === asked;
    kept.current = { of, asked, data: fetched, tail: same && kept.current ? merge(kept.current.tail.rows, fetched) : whole(fetched) };
  }
  return {
    list,
    tail: kept.current?.of === of ? kept.current.tail : undefined,
    now: list.data?.pages[0]?.as_of ?? "",
    showNew: () => ask((n) => n + 1),
  };
}
