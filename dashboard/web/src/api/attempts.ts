import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { pageZone } from "../lib/time";
import { type Schemas, ask, client } from "./client";

export type Attempt = Schemas["Attempt"];
export type AttemptDetail = Schemas["AttemptDetail"];
export type AttemptLog = Schemas["AttemptLog"];
export type AttemptState = Schemas["AttemptState"];
export type ReturnCall = Schemas["ReturnCall"];

export interface AttemptFilter {
  cadence?: string;
  disposition?: string;
  state?: AttemptState;
  lead?: string;
  caller_id?: string;
  /** Of cadences whose answers go there, or that are in this status, now. */
  type?: Schemas["AnswerType"];
  cadence_status?: Schemas["CadenceStatus"];
  /** Counted in this campaign. */
  campaign?: string;
  /** A figure that the call counts in. */
  counts?: "attempts" | "completed" | "answered" | "contacts" | "conversions" | "abandoned" | "voicemails" | "unconfirmed";
  /** Key of a step, and which run of it. */
  step?: string;
  run?: number;
  /** An hour of the week where the lead is; 1 is Monday. Only together. */
  weekday?: number;
  hour?: number;
  /** Dates in tz, both included, or instants, of which the second is not. */
  from?: string;
  to?: string;
}

/** How many attempts one page of the tail holds. */
const ATTEMPTS_PAGE = 100;

export const attemptsQuery = (filter: AttemptFilter) =>
  infiniteQueryOptions({
    queryKey: ["attempts", filter],
    queryFn: ({ signal, pageParam }) => {
      const tz = filter.from || filter.to ? pageZone() : undefined;
      return ask(client.GET("/v1/attempts", { signal, params: { query: { ...filter, tz, limit: ATTEMPTS_PAGE, cursor: pageParam } } }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });

/** Calls that the lead made to our numbers. */
export const returnCallsQuery = (lead: string) =>
  infiniteQueryOptions({
    queryKey: ["return-calls", lead],
    queryFn: ({ signal, pageParam }) => ask(client.GET("/v1/return-calls", { signal, params: { query: { lead, limit: ATTEMPTS_PAGE, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const attemptQuery = (id: string) =>
  queryOptions({
    queryKey: ["attempt", id],
    queryFn: ({ signal }) => ask(client.GET("/v1/attempts/{id}", { signal, params: { path: { id } } })),
  });

export const attemptLogQuery = (id: string) =>
  queryOptions({
    queryKey: ["attempt", id, "log"],
    queryFn: ({ signal }) => ask(client.GET("/v1/attempts/{id}/log", { signal, params: { path: { id } } })),
  });

export const dispositionsQuery = queryOptions({
  queryKey: ["dispositions"],
  queryFn: ({ signal }) => ask(client.GET("/v1/dispositions", { signal })),
  staleTime: Number.POSITIVE_INFINITY,
});
