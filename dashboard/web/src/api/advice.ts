import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { good, refused } from "../lib/notify";
import { type Schemas, ask, client } from "./client";

export type Recommendation = Schemas["Recommendation"];

/** They rest on weeks of calls, so that one more call is no reason to ask again. */
export const adviceQuery = queryOptions({
  queryKey: ["recommendations"],
  queryFn: ({ signal }) => ask(client.GET("/v1/recommendations", { signal })),
  meta: { calm: true },
  refetchInterval: (q) => (q.state.data?.ready === false ? 3_000 : 60_000),
});

const put = (verb: "hide" | "show", id: string) => ask(client.POST(`/v1/recommendations/{id}/${verb}`, { params: { path: { id } } }));

/** What can be done with a recommendation. */
export function useAdviceActions() {
  const queries = useQueryClient();
  const onSettled = () => queries.invalidateQueries({ queryKey: ["recommendations"] });
  const show = useMutation({ mutationFn: (r: Recommendation) => put("show", r.id), onError: (e) => refused("It is still put aside", e), onSettled });
  const hide = useMutation({
    mutationFn: (r: Recommendation) => put("hide", r.id),
    onSuccess: (r) => good("Put aside for 30 days", r.title, { name: "Undo", run: () => show.mutate(r) }),
    onError: (e) => refused("It was not put aside", e),
    onSettled,
  });
  const rest = useMutation({
    mutationFn: (r: Recommendation) =>
      ask(client.POST("/v1/caller-ids/{number}/rest", { params: { path: { number: r.number ?? "" } }, body: { until: r.rest_until ?? "", reason: `recommended: ${r.evidence}`.slice(0, 480), by: "" } })),
    onSuccess: (c) => good(`${c.caller_id.number} rests`, "The other numbers of its pool take its calls. The rest can be ended at any time."),
    onError: (e, r) => refused(`${r.number} does not rest`, e),
    onSettled: () => queries.invalidateQueries(),
  });
  return { hide, rest };
}
