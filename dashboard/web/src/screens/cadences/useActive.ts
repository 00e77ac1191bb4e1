import { type InfiniteData, useMutation, useQueryClient } from "@tanstack/react-query";
import { type CadenceDetail, type CadenceItem, type Schemas, ask, client } from "../../api/client";
import { readAgain, shownFirst } from "../../api/queries";
import { good, refused } from "../../lib/notify";

interface Change {
  id: string;
  name: string;
  on: boolean;
  /** It takes back what was just done, which needs no way back of its own. */
  back?: boolean;
}

type Pages = InfiniteData<Schemas["CadencePage"], string | undefined>;

/** Puts what changed about one cadence into every loaded page of the list. */
export function withItem(pages: Pages | undefined, id: string, change: Partial<CadenceItem>): Pages | undefined {
  if (!pages) return pages;
  const items = (page: Schemas["CadencePage"]) => page.items.map((c) => (c.id === id ? { ...c, ...change } : c));
  return { ...pages, pages: pages.pages.map((page) => ({ ...page, items: items(page) })) };
}

/**
 * Activates or deactivates, showing the end at once and going back when it is refused. Nothing that places a call is
 * ever shown ahead of the server; this only changes what may be placed.
 */
export function useActive() {
  const queries = useQueryClient();
  const active = useMutation({
    mutationKey: shownFirst,
    mutationFn: ({ id, on }: Change) => {
      const one = { params: { path: { id } } };
      return ask(on ? client.POST("/v1/cadences/{id}/activate", one) : client.POST("/v1/cadences/{id}/deactivate", one));
    },
    onMutate: async ({ id, on }) => {
      await queries.cancelQueries({ queryKey: ["cadences"] });
      await queries.cancelQueries({ queryKey: ["cadence", id] });
      const before = { lists: queries.getQueriesData<Pages>({ queryKey: ["cadences"] }), one: queries.getQueryData<CadenceDetail>(["cadence", id]) };
      const status = on ? "active" : "inactive";
      queries.setQueriesData<Pages>({ queryKey: ["cadences"] }, (pages) => withItem(pages, id, { status }));
      queries.setQueryData<CadenceDetail>(["cadence", id], (one) => one && { ...one, status });
      return before;
    },
    onSuccess: (_, { id, name, on, back }) => {
      if (back) return;
      good(on ? `“${name}” dials` : `“${name}” is switched off`, on ? "Enrolled leads are called when they are due, within its hours." : "What waited or rang is cancelled; live calls go on.", { name: "Undo", run: () => active.mutate({ id, name, on: !on, back: true }) });
    },
    onError: (error, { id, name, on }, before) => {
      for (const [key, pages] of before?.lists ?? []) queries.setQueryData(key, pages);
      if (before?.one) queries.setQueryData(["cadence", id], before.one);
      refused(`“${name}” is still ${on ? "not active" : "active"}`, error);
    },
    onSettled: () => readAgain(queries),
  });
  return active;
}
