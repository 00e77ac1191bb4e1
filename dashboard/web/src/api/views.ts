import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { good, refused } from "../lib/notify";
import { type Schemas, ask, client } from "./client";

export type View = Schemas["View"];
export type ViewPage = Schemas["ViewOf"];
export type ViewSearch = Schemas["ViewSearch"];

/** The saved views of one page: one's own and the shared ones, by name. */
export const viewsQuery = (page: ViewPage) =>
  queryOptions({
    queryKey: ["views", page],
    queryFn: ({ signal }) => ask(client.GET("/v1/views", { signal, params: { query: { page } } })),
    meta: { calm: true },
    staleTime: 60_000,
  });

const one = (v: View) => ({ params: { path: { id: v.id } } });

/** What can be done with saved views. Each is stored when it is told. */
export function useViewActions(page: ViewPage) {
  const queries = useQueryClient();
  const onSettled = () => queries.invalidateQueries({ queryKey: ["views", page] });
  const save = useMutation({
    mutationFn: (v: { name: string; search: ViewSearch }) => ask(client.POST("/v1/views", { body: { page, ...v } })),
    onSuccess: (v) => good(`View “${v.name}” is saved`, "It stands among your views of this page."),
    onSettled,
  });
  const change = useMutation({
    mutationFn: ({ view, ...body }: { view: View; name?: string; search?: ViewSearch; back?: boolean }) => ask(client.PATCH("/v1/views/{id}", { ...one(view), body: { name: body.name, search: body.search } })),
    onSuccess: (v, { view, search, back }) => {
      if (search && !back) good(`View “${v.name}” is updated`, "It shows what this page shows now.", { name: "Undo", run: () => change.mutate({ view, search: view.search, back: true }) });
    },
    onError: (e, { view }) => refused(`“${view.name}” was not changed`, e),
    onSettled,
  });
  const share = useMutation({
    mutationFn: ({ view, on }: { view: View; on: boolean; back?: boolean }) => ask(client.POST(on ? "/v1/views/{id}/share" : "/v1/views/{id}/unshare", one(view))),
    onSuccess: (v, { view, on, back }) => {
      if (!back) good(on ? `“${v.name}” is shared` : `“${v.name}” is no longer shared`, on ? "Everybody who sees this page sees the view." : `Only ${view.mine ? "you" : view.by} can open it now.`, { name: "Undo", run: () => share.mutate({ view: v, on: !on, back: true }) });
    },
    onError: (e, { view }) => refused(`“${view.name}” is as it was`, e),
    onSettled,
  });
  const prefer = useMutation({
    mutationFn: (view: View | undefined) => ask(client.PUT("/v1/views/default", { body: { page, view: view?.id } })),
    onError: (e) => refused("The page opens as before", e),
    onSettled,
  });
  const remove = useMutation({
    mutationFn: (view: View) => ask(client.DELETE("/v1/views/{id}", one(view))),
    onSuccess: (_, view) => good(`View “${view.name}” is deleted`, "What it showed stays as it is."),
    onError: (e, view) => refused(`“${view.name}” was not deleted`, e),
    onSettled,
  });
  return { save, change, share, prefer, remove };
}
