import { queryOptions } from "@tanstack/react-query";
import { type Schemas, ask, client } from "./client";

export type Packs = Schemas["PacksAnswer"];
export type PackRule = Schemas["PackRule"];
export type Supposition = Schemas["Supposition"];
export type Suppose = Schemas["SupposeRequest"];

export const packsQuery = queryOptions({ queryKey: ["packs"], queryFn: ({ signal }) => ask(client.GET("/v1/compliance/packs", { signal })) });

/** Judged anew each time it is asked: an answer is about one moment. */
export const supposeQuery = (call: Suppose) =>
  queryOptions({ queryKey: ["suppose", call], queryFn: ({ signal }) => ask(client.POST("/v1/compliance/verdict", { signal, body: call })), retry: false, staleTime: 0 });

export const listsOfNumbersQuery = queryOptions({ queryKey: ["dnc", "lists"], queryFn: ({ signal }) => ask(client.GET("/v1/dnc/lists", { signal })) });
export const dncImportQuery = (id: string) => queryOptions({ queryKey: ["dnc", "import", id], queryFn: ({ signal }) => ask(client.GET("/v1/dnc/imports/{id}", { signal, params: { path: { id } } })) });

/** Sends an edition of a list; answering does not wait for its last line. */
export const importList = (list: string, asOf: string, file: Blob) =>
  ask(
    client.POST("/v1/dnc/imports", {
      params: { query: { list, as_of: asOf } },
      body: file as unknown as string,
      bodySerializer: (b: unknown) => b as Blob,
      headers: { "Content-Type": "text/csv" },
    }),
  );
