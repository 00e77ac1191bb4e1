import { queryOptions } from "@tanstack/react-query";
import { type Schemas, ask, client } from "./client";

export type AbandonShare = Schemas["AbandonPage"]["items"][number];

/** Shares are of weeks of calls: they are asked for again each half minute. */
export const abandonQuery = queryOptions({
  queryKey: ["abandon"],
  queryFn: ({ signal }) => ask(client.GET("/v1/abandon", { signal })),
  refetchInterval: 30_000,
  meta: { calm: true },
});
