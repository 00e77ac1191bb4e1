import { infiniteQueryOptions, queryOptions, useInfiniteQuery, useIsMutating, useMutation, useQueryClient } from "@tanstack/react-query";
import { good, refused } from "../lib/notify";
import { type Schemas, ask, client } from "./client";
import { readAgain, shownFirst } from "./queries";

export type LeadsPreview = Schemas["LeadsPreview"];
export type LeadImport = Schemas["ImportAnswer"]["import"];
export type List = Schemas["ListItem"];
export type Rejected = LeadsPreview["rejects"][number];

/** Largest file (bytes) the wizard takes: as much as the server tries without storing. Larger ones go through the command line. */
export const LARGEST = 32 << 20;

/** A file of leads as somebody chose it. The key tells two choices of one file apart. */
export interface Chosen {
  file: File;
  key: string;
}

export interface Reading {
  mapping: Record<string, string>;
  region: string;
  cadence?: string;
}

export type OnDuplicate = "update" | "skip" | "reject";

export interface Order extends Reading {
  name: string;
  source: string;
  duplicate: OnDuplicate;
}

/** JSON lines by the file's name; all else is CSV. */
const kindOf = (file: File): string => (/\.(jsonl|ndjson)$/i.test(file.name) ? "application/x-ndjson" : "text/csv");

/** The file goes out as it is: its bytes are nobody's to touch. */
const asFile = (file: File) => ({
  body: file as unknown as never,
  bodySerializer: (body: unknown) => body as File,
  headers: { "Content-Type": kindOf(file) },
});

const mappingOf = (mapping: Record<string, string>) => (Object.keys(mapping).length > 0 ? JSON.stringify(mapping) : undefined);

/** What an import would meet. Nothing is stored. */
export const previewQuery = (chosen: Chosen | undefined, how: Reading) =>
  queryOptions({
    queryKey: ["leads-preview", chosen?.key, how],
    queryFn: ({ signal }) => {
      if (!chosen) throw new Error("no file is chosen");
      const query = { mapping: mappingOf(how.mapping), region: how.region, cadence: how.cadence };
      return ask(client.POST("/v1/leads/import/preview", { signal, params: { query }, ...asFile(chosen.file) }));
    },
    enabled: chosen !== undefined,
    staleTime: Infinity,
    gcTime: 0,
  });

/** Sends the file. It is the server's when this answers; the rows follow. */
export async function sendLeads(file: File, o: Order): Promise<LeadImport> {
  const query = { mapping: mappingOf(o.mapping), region: o.region, cadence: o.cadence, on_duplicate: o.duplicate, name: o.name, source: o.source || undefined };
  return (await ask(client.POST("/v1/leads/import", { params: { query }, ...asFile(file) }))).import;
}

/** Whether an import, or its undo, is going on. */
export const atWork = (i: LeadImport): boolean => i.state === "running" || i.state === "undoing";

/** How often (ms) a running import is asked how far it is. */
const POLL = 400;

export const importQuery = (id: string) =>
  queryOptions({
    queryKey: ["import", id],
    queryFn: async ({ signal }) => (await ask(client.GET("/v1/imports/{id}", { signal, params: { path: { id } } }))).import,
    refetchInterval: (q) => (q.state.data && !atWork(q.state.data) ? false : POLL),
    staleTime: 0,
  });

/** As many rejected rows as one file of them holds. */
const MOST_REJECTS = 100_000;

/** Every rejected row of an import, in the order of the file. */
export async function rejectsOf(id: string): Promise<Rejected[]> {
  const all: Rejected[] = [];
  let cursor: string | undefined;
  do {
    const page = await ask(client.GET("/v1/imports/{id}/errors", { params: { path: { id }, query: { limit: 1000, cursor } } }));
    all.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor && all.length < MOST_REJECTS);
  return all;
}

/** How many lists are asked for at once, and how often (ms) again while somebody looks. */
const PAGE = 100;
const AGAIN = 5000;

export const listPagesQuery = infiniteQueryOptions({
  queryKey: ["lists", "pages"],
  queryFn: ({ signal, pageParam }) => ask(client.GET("/v1/lists", { signal, params: { query: { limit: PAGE, cursor: pageParam } } })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next ?? undefined,
});

/** The lists with their figures, asked for again while somebody looks, but not in the middle of a change of theirs. */
export function useListPages() {
  const changing = useIsMutating({ mutationKey: shownFirst }) > 0;
  return useInfiniteQuery({ ...listPagesQuery, refetchInterval: changing ? false : AGAIN });
}

export type ListChange = Schemas["ListPatch"];

/** Changes a list. What is shown moves at once and goes back when the server refuses. */
export function useListChange() {
  const queries = useQueryClient();
  const go = useMutation({
    mutationKey: shownFirst,
    mutationFn: ({ list, change }: { list: List; change: ListChange; back?: boolean }) => ask(client.PATCH("/v1/lists/{id}", { params: { path: { id: list.id } }, body: change })),
    onMutate: async ({ list, change }) => {
      await queries.cancelQueries({ queryKey: listPagesQuery.queryKey });
      const before = queries.getQueryData(listPagesQuery.queryKey);
      queries.setQueryData(listPagesQuery.queryKey, (old) => old && { ...old, pages: old.pages.map((p) => ({ ...p, items: p.items.map((l) => (l.id === list.id ? { ...l, ...change } : l)) })) });
      return before;
    },
    onSuccess: (_, { list, change, back }) => {
      if (!back) good(listChanged(list, change), listMeans(change), { name: "Undo", run: () => go.mutate({ list, change: formerly(list, change), back: true }) });
    },
    onError: (e, { list }, before) => {
      queries.setQueryData(listPagesQuery.queryKey, before);
      refused(`“${list.name}” was not changed`, e);
    },
    onSettled: () => readAgain(queries),
  });
  return go;
}

/** The settings that a change takes the place of: what undoes it. */
const formerly = (list: List, change: ListChange): ListChange => ({
  ...(change.paused === undefined ? {} : { paused: list.paused }),
  ...(change.priority === undefined ? {} : { priority: list.priority }),
  ...(change.release_per_day === undefined ? {} : { release_per_day: list.release_per_day }),
});

function listChanged(list: List, { paused }: ListChange): string {
  if (paused === undefined) return `“${list.name}” is called as you set`;
  return paused ? `“${list.name}” is paused` : `“${list.name}” goes on`;
}

function listMeans({ paused }: ListChange): string {
  if (paused === undefined) return "Priority and release hold from the next call on.";
  return paused ? "No call of its leads starts until somebody lets it go on." : "What is due re-enters at the paced rate.";
}

/** Takes an import back; what it leaves is told by the import once that is over. */
export function useUndoImport() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (id: string) => (await ask(client.POST("/v1/imports/{id}/undo", { params: { path: { id } } }))).import,
    onSuccess: (i) => {
      queries.setQueryData(importQuery(i.id).queryKey, i);
      return queries.invalidateQueries({ queryKey: ["lists"] });
    },
    onError: (e) => refused("The import was not undone", e),
  });
}
