import { queryOptions } from "@tanstack/react-query";
import { type Schemas, ask, client } from "./client";

export type CallerID = Schemas["CallerID"];
export type CallerIDState = Schemas["CallerIDState"];

export interface NumberFilter {
  pool?: string;
  state?: CallerIDState;
}

/** How many numbers are asked for at once: the figures of pools are summed up here. */
const ALL = 1000;

export const numbersQuery = queryOptions({
  queryKey: ["numbers"],
  queryFn: ({ signal }) => ask(client.GET("/v1/caller-ids", { signal, params: { query: { limit: ALL } } })),
});

const at = (number: string) => ({ params: { path: { number } } });

export const restNumber = (number: string, until: string, reason: string) => ask(client.POST("/v1/caller-ids/{number}/rest", { ...at(number), body: { until, reason } }));
export const wakeNumber = (number: string, reason: string) => ask(client.POST("/v1/caller-ids/{number}/unrest", { ...at(number), body: { reason } }));
