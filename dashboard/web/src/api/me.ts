import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { good, refused } from "../lib/notify";
import { pageZone, setPageZone } from "../lib/time";
import { type Schemas, ask, client } from "./client";

export type Me = Schemas["Me"];
export type Role = Schemas["Role"];
export type User = Schemas["User"];
export type ApiKey = Schemas["Key"];

/** How often (ms) a server that did not answer is asked again: nothing else asks before it is known who is there. */
const KNOCK = 3_000;

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async ({ signal }) => {
    const me = await ask(client.GET("/v1/me", { signal }));
    setPageZone(me.zone);
    return me;
  },
  staleTime: Infinity,
  refetchInterval: (q) => (q.state.status === "error" ? KNOCK : false),
  meta: { calm: true }, // a call changes nothing about who is signed in
});

/** The one zone in which every page shows and reads times: a demo's own, else the browser's. */
export function useZone(): string {
  const { data } = useQuery(meQuery);
  return data?.zone ?? pageZone();
}

export const rolesQuery = queryOptions({ queryKey: ["roles"], queryFn: ({ signal }) => ask(client.GET("/v1/roles", { signal })), staleTime: Infinity });
export const usersQuery = queryOptions({ queryKey: ["users"], queryFn: ({ signal }) => ask(client.GET("/v1/users", { signal })) });
export const keysQuery = queryOptions({ queryKey: ["keys"], queryFn: ({ signal }) => ask(client.GET("/v1/keys", { signal })) });
export const sessionsQuery = queryOptions({ queryKey: ["sessions"], queryFn: ({ signal }) => ask(client.GET("/v1/me/sessions", { signal })) });

/** Whether the person may do what takes a grant. It only hides what would be refused: the server is the judge. */
export function useMay(): (grant: string) => boolean {
  const { data } = useQuery(meQuery);
  return (grant) => data?.grants.includes(grant) ?? false;
}

/** Leaves everything that was loaded for one person behind: the page starts anew. */
export function startAnew(path?: string) {
  if (path) location.replace(path);
  else location.reload();
}

/** Ends the session, and with it everything on the page. */
export const useSignOut = () =>
  useMutation({ mutationFn: () => ask(client.DELETE("/v1/session")), onSuccess: () => startAnew("/"), onError: (e) => refused("Could not sign out", e) });

/** One write that says how it went and loads a list again. */
export function useDeed<V, T>(list: string, title: string, deed: (v: V) => Promise<T>, said: (t: T, v: V) => string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: deed,
    onSuccess: (t, v) => good(title, said(t, v)),
    onError: (e) => refused(`Not done: ${title.toLowerCase()}`, e),
    onSettled: () => queries.invalidateQueries({ queryKey: [list] }),
  });
}
