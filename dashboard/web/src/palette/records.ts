import { queryOptions } from "@tanstack/react-query";
import { ApiError, ask, client } from "../api/client";
import { asNumber, leadName } from "../api/leads";
import { idIn } from "./match";

export interface Found {
  kind: "lead" | "cadence" | "list" | "attempt";
  id: string;
  name: string;
  about: string;
}

/** How many records of a kind the palette shows. */
const FEW = 6;

/** What is behind an id, undefined when nothing is or nobody may know. */
async function named(kind: Found["kind"], id: string, signal: AbortSignal): Promise<Found | undefined> {
  const one = { signal, params: { path: { id } } };
  try {
    switch (kind) {
      case "lead": {
        const l = await ask(client.GET("/v1/leads/{id}", one));
        return { kind, id, name: leadName(l), about: l.numbers[0]?.number ?? "" };
      }
      case "cadence": return { kind, id, name: (await ask(client.GET("/v1/cadences/{id}", one))).name, about: "" };
      case "list": return { kind, id, name: (await ask(client.GET("/v1/lists/{id}", one))).name, about: "" };
      case "attempt": {
        const a = await ask(client.GET("/v1/attempts/{id}", one));
        return { kind, id, name: `Call to ${a.lead_name || "no name"}`, about: a.cadence_name };
      }
    }
  } catch (e) {
    if (e instanceof ApiError && (e.status === 404 || e.status === 403)) return undefined;
    throw e;
  }
}

/** The records that what was typed finds, among those that the person sees. */
export const recordsQuery = (text: string, may: (grant: string) => boolean) =>
  queryOptions({
    queryKey: ["palette", text],
    meta: { calm: true },
    staleTime: 10_000,
    enabled: text.length > 1,
    queryFn: async ({ signal }): Promise<Found[]> => {
      const id = idIn(text);
      if (id) {
        const one = await named(id.kind, id.id, signal);
        return one ? [one] : [];
      }
      const number = asNumber(text);
      const [leads, cadences, lists] = await Promise.all([
        may("leads.read") ? ask(client.GET("/v1/leads", { signal, params: { query: number ? { number, limit: FEW } : { q: text, limit: FEW } } })) : undefined,
        may("cadences.read") ? ask(client.GET("/v1/cadences", { signal, params: { query: { q: text, limit: FEW } } })) : undefined,
        may("leads.read") ? ask(client.GET("/v1/lists", { signal, params: { query: { limit: 200 } } })) : undefined,
      ]);
      const low = text.toLowerCase();
      return [
        ...(leads?.items ?? []).map((l): Found => ({ kind: "lead", id: l.id, name: leadName(l), about: [l.numbers[0]?.number, l.email, l.external_id].filter(Boolean).join(" · ") })),
        ...(cadences?.items ?? []).map((c): Found => ({ kind: "cadence", id: c.id, name: c.name, about: c.status })),
        ...(lists?.items ?? []).filter((l) => l.name.toLowerCase().includes(low)).slice(0, FEW).map((l): Found => ({ kind: "list", id: l.id, name: l.name, about: `${l.leads} leads` })),
      ];
    },
  });
