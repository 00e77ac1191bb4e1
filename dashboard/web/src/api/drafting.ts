import { queryOptions } from "@tanstack/react-query";
import { type CadenceDocument, type Schemas, ask, client } from "./client";

export type Template = Schemas["TemplateItem"];
export type Change = Schemas["Change"];

/** A document as the body of a request: the contract leaves its rules to the server. */
const body = (d: CadenceDocument) => d as unknown as Record<string, never>;

export const templatesQuery = queryOptions({ queryKey: ["templates"], queryFn: ({ signal }) => ask(client.GET("/v1/templates", { signal })) });

export const templateQuery = (id: string) =>
  queryOptions({ queryKey: ["templates", id], queryFn: ({ signal }) => ask(client.GET("/v1/templates/{id}", { signal, params: { path: { id } } })) });

export const versionsQuery = (id: string) =>
  queryOptions({ queryKey: ["cadence", id, "versions"], queryFn: ({ signal }) => ask(client.GET("/v1/cadences/{id}/versions", { signal, params: { path: { id } } })) });

export const diffQuery = (id: string, from: string | undefined, to: string, revision: number) =>
  queryOptions({
    queryKey: ["cadence", id, "diff", from, to, revision],
    queryFn: ({ signal }) => ask(client.GET("/v1/cadences/{id}/diff", { signal, params: { path: { id }, query: { from, to } } })),
  });

export const mediaQuery = queryOptions({ queryKey: ["media"], queryFn: ({ signal }) => ask(client.GET("/v1/media", { signal })) });

export interface Imagined {
  number: string;
  enrolled: string;
  assume: string;
}

export const previewQuery = (document: CadenceDocument, lead: Imagined) =>
  queryOptions({
    queryKey: ["preview", document, lead],
    queryFn: ({ signal }) => ask(client.POST("/v1/cadences/preview", { signal, body: { ...lead, document: body(document), limit: 12 } })),
    retry: false,
  });

export const saveDraft = (id: string, revision: number, document: CadenceDocument) =>
  ask(client.PUT("/v1/cadences/{id}", { params: { path: { id }, header: { "If-Match": `"${revision}"` } }, body: body(document) }));

/** Makes a draft of a document; a name in use gets a number. */
export async function makeDraft(document: CadenceDocument): Promise<Schemas["CadenceDetail"]> {
  const made = await ask(client.POST("/v1/cadences/import", { body: body(document) }));
  const one = made.items[0];
  if (!one) throw new Error("the server made nothing of the document");
  return one.cadence;
}

/** Stores a recording and answers how documents name it. */
export async function storeMedia(file: Blob, name: string): Promise<Schemas["Media"]> {
  return ask(
    client.POST("/v1/media", {
      params: { query: { name: name.slice(0, 200) } },
      body: file as unknown as string,
      bodySerializer: (b: unknown) => b as Blob,
      headers: { "Content-Type": "application/octet-stream" },
    }),
  );
}
