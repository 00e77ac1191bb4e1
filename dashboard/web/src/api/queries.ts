import { MutationCache, QueryCache, QueryClient, infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { type AnswerType, ApiError, type CadenceStatus, ask, client } from "./client";

export interface CadenceFilter {
  status?: CadenceStatus;
  type?: AnswerType;
  audience?: "manual" | "view";
  channel?: "call" | "email" | "task";
  q?: string;
}

/** How many cadences one page of the list holds. */
const PAGE = 100;

export const overviewQuery = queryOptions({
  queryKey: ["overview"],
  queryFn: ({ signal }) => ask(client.GET("/v1/overview", { signal })),
});

/** Spans that end now, as the contract writes them. */
export type Last = "24h" | "7d" | "28d" | "90d";

/** The same figures of a period and of the one before it; "all" is all time, which has none before it. */
export const periodQuery = (last: Last | "all") =>
  last === "all"
    ? overviewQuery
    : queryOptions({
        queryKey: ["overview", last],
        queryFn: ({ signal }) => ask(client.GET("/v1/overview", { signal, params: { query: { last } } })),
        placeholderData: keepPreviousData,
      });

export const cadencesQuery = ({ status, type, audience, channel, q }: CadenceFilter, filter = { status, type, audience, channel, q }) =>
  infiniteQueryOptions({
    queryKey: ["cadences", filter],
    queryFn: ({ signal, pageParam }) =>
      ask(client.GET("/v1/cadences", { signal, params: { query: { ...filter, limit: PAGE, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });

/** How many cadences can be chosen from where one is named. */
const NAMED = 1000;

/** Every cadence by name, for lists to choose from. It is no page of the list, whose rows are changed in place. */
export const cadenceNamesQuery = queryOptions({
  queryKey: ["cadence-names"],
  queryFn: async ({ signal }) => (await ask(client.GET("/v1/cadences", { signal, params: { query: { limit: NAMED } } }))).items,
});

export const cadenceQuery = (id: string) =>
  queryOptions({
    queryKey: ["cadence", id],
    queryFn: ({ signal }) => ask(client.GET("/v1/cadences/{id}", { signal, params: { path: { id } } })),
  });

/** A refused request is not asked again; one that nobody answered is, twice. */
function again(failures: number, error: unknown): boolean {
  return failures < 2 && error instanceof ApiError && (error.code === "offline" || error.code === "unavailable");
}

/** A session that has ended, or grants that were taken away, are noticed by whatever is asked next. */
export function notice(queries: QueryClient, e: unknown): void {
  if (e instanceof ApiError && (e.status === 401 || e.status === 403)) void queries.invalidateQueries({ queryKey: ["me"] });
}

/** The key of mutations that show their end before the server has it: while one is under way, an older answer would undo it. */
export const shownFirst = ["shown-first"] as const;

/** Reads everything again after the last of several such mutations that are under way. */
export const readAgain = (queries: QueryClient) => (queries.isMutating({ mutationKey: shownFirst }) > 1 ? undefined : queries.invalidateQueries());

/** What changes is told by the live stream, so that nothing is polled or fetched again on focus. */
export function newQueryClient(): QueryClient {
  const queries: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: (e) => notice(queries, e) }),
    mutationCache: new MutationCache({ onError: (e) => notice(queries, e) }),
    defaultOptions: { queries: { staleTime: 30_000, refetchOnWindowFocus: false, retry: again, networkMode: "always" }, mutations: { networkMode: "always" } },
  });
  return queries;
}
