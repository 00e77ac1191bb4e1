import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { plural } from "../lib/format";
import { good, refused } from "../lib/notify";
import { type Schemas, ask, client } from "./client";

export type Consent = Schemas["Consent"];
export type ConsentKind = Schemas["ConsentKind"];
export type ConsentRequest = Schemas["ConsentRequest"];

export const consentsQuery = (lead: string) =>
  queryOptions({
    queryKey: ["lead", lead, "consents"],
    queryFn: ({ signal }) => ask(client.GET("/v1/leads/{id}/consents", { signal, params: { path: { id: lead } } })),
  });

export interface Taken {
  how: string;
  reason?: string;
}

/** What can be done with the consents of a lead. Each answer comes when the permit knows of it. */
export function useConsents(lead: string) {
  const queries = useQueryClient();
  const settled = { onSettled: () => queries.invalidateQueries() };
  const path = { id: lead };
  const record = useMutation({
    mutationFn: (c: ConsentRequest) => ask(client.POST("/v1/leads/{id}/consents", { params: { path }, body: c })),
    onSuccess: (c) => good("Recorded", c.status === "revoked" ? "It had been taken back before, and stays so." : "Every call from now on is judged with it."),
    ...settled,
  });
  const revoke = useMutation({
    mutationFn: ({ consent, ...said }: Taken & { consent: string }) => ask(client.POST("/v1/leads/{id}/consents/{consent}/revoke", { params: { path: { ...path, consent } }, body: said })),
    onSuccess: () => good("Taken back", "It counts no more; who took it back, and how, stays in its history."),
    onError: (e) => refused("It still counts", e),
    ...settled,
  });
  const revokeAll = useMutation({
    mutationFn: (said: Taken & { scope?: string; seller?: string }) => ask(client.POST("/v1/leads/{id}/consents/revoke", { params: { path }, body: said })),
    onSuccess: (a) => good("Taken back", `Of ${plural(a.items.length, "record")}, ${a.items.filter((c) => c.status === "valid").length} still count. Calls of the scope that waited are cancelled.`),
    onError: (e) => refused("Nothing was taken back", e),
    ...settled,
  });
  return { record, revoke, revokeAll };
}

/** Erasing answers when nothing in the ledger's state names the person. */
export const eraseLead = (id: string, reason: string) => ask(client.POST("/v1/leads/{id}/erase", { params: { path: { id } }, body: { reason } }));

/** Where everything that is known of the calls to a number can be had. */
export const dossierUrl = (number: string, form: "json" | "html"): string => `/v1/dossier?${new URLSearchParams({ number, format: form })}`;
