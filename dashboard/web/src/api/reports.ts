import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { pageZone } from "../lib/time";
import { type Schemas, ask, client } from "./client";
import type { Last } from "./queries";

export type CallReport = Schemas["CallReport"];
export type CallerIdReport = Schemas["CallerIdReport"];
export type Blockers = Schemas["Blockers"];

/** Which calls a report is about: so long up to now, or from and to. */
export interface ReportQuestion {
  cadence?: string;
  last?: Last;
  /** Dates in the reader's zone, both included, or instants. */
  from?: string;
  to?: string;
}

/** The parts of a report that can be taken away. */
export type ReportPart = "cadences" | "steps" | "dispositions" | "hours" | "attempts_to_contact";

const asked = (q: ReportQuestion) => ({ ...q, tz: q.from || q.to ? pageZone() : undefined });

/** A report counts weeks of calls: it is asked for again each half minute, sooner while the calls are first read. */
const again = (data?: { read_back_to: string | null }) => (data?.read_back_to ? 3_000 : 30_000);

export const reportQuery = (q: ReportQuestion) =>
  queryOptions({
    queryKey: ["report", q],
    queryFn: ({ signal }) => ask(client.GET("/v1/reports/calls", { signal, params: { query: asked(q) } })),
    placeholderData: keepPreviousData,
    refetchInterval: (query) => again(query.state.data),
    meta: { calm: true },
  });

export const callerReportQuery = (q: ReportQuestion) =>
  queryOptions({
    queryKey: ["report", "caller-ids", q],
    queryFn: ({ signal }) => ask(client.GET("/v1/reports/caller-ids", { signal, params: { query: asked(q) } })),
    placeholderData: keepPreviousData,
    refetchInterval: (query) => again(query.state.data),
    meta: { calm: true },
  });

/** How many waiting touches are judged, the earliest due first, and how often (ms): each passes every rule. */
const LOOK = 5_000;
const LOOK_AGAIN = 15_000;

export const blockersQuery = (id: string) =>
  queryOptions({
    queryKey: ["blockers", id],
    queryFn: ({ signal }) => ask(client.GET("/v1/cadences/{id}/blockers", { signal, params: { path: { id }, query: { look: LOOK } } })),
    refetchInterval: LOOK_AGAIN,
    meta: { calm: true },
  });

/** Where one part of a report is as CSV. */
export function sheetUrl(q: ReportQuestion, part: ReportPart | "caller-ids"): string {
  const query = new URLSearchParams(Object.entries(asked(q)).filter((e): e is [string, string] => e[1] !== undefined));
  if (part === "caller-ids") return `/v1/reports/caller-ids/export?${query}`;
  query.set("part", part);
  return `/v1/reports/calls/export?${query}`;
}
