import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { plural, words } from "../lib/format";
import { good, refused } from "../lib/notify";
import { ApiError, type Schemas, ask, client } from "./client";
import { readAgain, shownFirst } from "./queries";

export type Lead = Schemas["Lead"];
export type LeadDetail = Schemas["LeadDetail"];
export type Enrollment = Schemas["Enrollment"];
export type Explanation = Schemas["Explanation"];
export type Forecast = Schemas["Forecast"];

export const leadQuery = (id: string) =>
  queryOptions({
    queryKey: ["lead", id],
    queryFn: ({ signal }) => ask(client.GET("/v1/leads/{id}", { signal, params: { path: { id } } })),
  });

export const explainQuery = (id: string) =>
  queryOptions({
    queryKey: ["lead", id, "explain"],
    queryFn: ({ signal }) => ask(client.GET("/v1/leads/{id}/explain", { signal, params: { path: { id } } })),
  });

/** How many touches of the future are told. */
const TOUCHES = 12;

export const forecastQuery = (id: string, assume: string) =>
  queryOptions({
    queryKey: ["lead", id, "forecast", assume],
    queryFn: ({ signal }) => ask(client.GET("/v1/leads/{id}/forecast", { signal, params: { path: { id }, query: { assume, limit: TOUCHES } } })),
  });

export const dncQuery = (number: string) =>
  queryOptions({
    queryKey: ["dnc", number],
    queryFn: async ({ signal }) => {
      const [marks, history] = await Promise.all([
        ask(client.GET("/v1/dnc", { signal, params: { query: { number } } })),
        ask(client.GET("/v1/dnc/history", { signal, params: { query: { number } } })),
      ]);
      return { marks: marks.items, history: history.items };
    },
  });

/** Every number of the internal list, by number. */
export const marksQuery = infiniteQueryOptions({
  queryKey: ["dnc", "marks"],
  queryFn: ({ signal, pageParam }) => ask(client.GET("/v1/dnc", { signal, params: { query: { limit: 100, cursor: pageParam } } })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next ?? undefined,
});

/** What a lead is called on the page. */
export const leadName = (l: Pick<Lead, "name" | "first_name" | "last_name">): string =>
  l.name || [l.first_name, l.last_name].filter(Boolean).join(" ") || "No name";

/** Why a lead did not enter, in words; a reason that is a sentence stays one. */
const skips: Record<string, string> = {
  already_enrolled: "is in this cadence already", re_entry: "was in this cadence before, which its re-entry rule forbids", no_such_lead: "does not exist", not_enrolled: "is not in this cadence",
};
const skipWords = (reason: string): string => skips[reason] ?? words(reason);

interface Pausing {
  id: string;
  lead: string;
  name: string;
  on: boolean;
  /** It takes back what was just done. */
  back?: boolean;
}

/** What can be done with leads. Each answer is durable before it is told; a pause shows at once and goes back when it is refused. */
export function useLeadActions() {
  const queries = useQueryClient();
  const settled = { onSettled: () => queries.invalidateQueries() };
  const enroll = useMutation({
    mutationFn: (to: { leads: string[]; cadence: string; name: string; step?: string }) =>
      ask(client.POST("/v1/enrollments", { body: { cadence: to.cadence, lead_ids: to.leads, start_step: to.step } })),
    onSuccess: (a, to) => told(`enrolled in “${to.name}”`, a.enrolled, a.skipped, a.skipped_total),
    onError: (e) => refused("Nobody was enrolled", e),
    ...settled,
  });
  const remove = useMutation({
    mutationFn: (from: { leads: string[]; cadence: string; name: string }) => ask(client.POST("/v1/enrollments/remove", { body: { cadence: from.cadence, lead_ids: from.leads } })),
    onSuccess: (a, from) => told(`taken out of “${from.name}”`, a.removed, a.skipped, a.skipped_total),
    onError: (e) => refused("Nobody was taken out", e),
    ...settled,
  });
  const pause = useMutation({
    mutationKey: shownFirst,
    mutationFn: (s: Pausing) => ask(client.POST(s.on ? "/v1/enrollments/{id}/pause" : "/v1/enrollments/{id}/resume", { params: { path: { id: s.id } } })),
    onMutate: async (s) => {
      const of = leadQuery(s.lead).queryKey;
      await queries.cancelQueries({ queryKey: of, exact: true });
      const before = queries.getQueryData(of);
      queries.setQueryData(of, (l) => l && { ...l, enrollments: l.enrollments.map((e) => (e.id === s.id ? { ...e, paused_at: s.on ? l.as_of : null, paused_by: "" } : e)) });
      return { of, before };
    },
    onSuccess: (_, s) => {
      if (s.back) return;
      good(s.on ? `Paused in “${s.name}”` : `Goes on in “${s.name}”`, s.on ? "No call of it starts until somebody resumes it. A live call goes on." : "What came due meanwhile is due now, within its hours and limits.", { name: "Undo", run: () => pause.mutate({ ...s, on: !s.on, back: true }) });
    },
    onError: (e, s, was) => {
      if (was) queries.setQueryData(was.of, was.before);
      refused(s.on ? "It is not paused" : "It is still paused", e);
    },
    onSettled: () => readAgain(queries),
  });
  const mark = useMutation({
    mutationFn: (m: { number: string; scope: string; reason: string }) => ask(client.POST("/v1/dnc", { body: m })),
    onSuccess: (_, m) => good(`${m.number} is not called any more`, "Queued and ringing calls within the scope are being cancelled."),
    onError: (e) => refused("The number was not marked", e),
    ...settled,
  });
  const unmark = useMutation({
    mutationFn: (m: { number: string; scope: string; reason: string }) => ask(client.DELETE("/v1/dnc", { params: { query: m } })),
    onSuccess: (_, m) => good(`${m.number} may be called again`, "The mark and its removal stay in the number's history."),
    onError: (e) => refused("The mark was not taken off", e),
    ...settled,
  });
  return { enroll, remove, pause, mark, unmark };
}

function told(what: string, done: number, skipped: readonly Schemas["Skipped"][], total: number) {
  const reasons = [...new Set(skipped.map((s) => skipWords(s.reason)))].slice(0, 3).join("; ");
  const rest = total > 0 ? `${plural(total, "lead")} left as ${total === 1 ? "it is" : "they are"}: ${reasons}.` : "Stored; it holds from this moment.";
  good(`${plural(done, "lead")} ${what}`, rest);
}

export type LeadRow = Schemas["LeadRow"];
export type LeadSort = "name" | "-name" | "created" | "-created" | "called" | "-called";

export interface LeadFilter {
  q?: string;
  list?: string;
  sort?: LeadSort;
  called?: "never" | "ever";
}

/** How often the first sorted list after a start is asked for again: the server reads every lead for it. */
const READING = 30;

/** How many leads are asked for at once. */
const PAGE = 200;

/** Whether a search is a whole number, which is found at once however many leads there are. */
export const asNumber = (q: string): string | undefined => {
  const tidy = q.replace(/[\s().-]/g, "");
  return /^\+[1-9]\d{7,14}$/.test(tidy) ? tidy : undefined;
};

export const leadsQuery = ({ q, list, sort, called }: LeadFilter) =>
  infiniteQueryOptions({
    queryKey: ["leads", { q, list, sort, called }],
    retry: (failures, e) => e instanceof ApiError && (e.code === "unavailable" && e.field === "sort" ? failures < READING : e.code === "offline" && failures < 2),
    queryFn: ({ signal, pageParam }) => {
      const number = asNumber(q ?? "");
      return ask(client.GET("/v1/leads", { signal, params: { query: { q: number ? undefined : q, number, list, sort, called, limit: PAGE, cursor: pageParam } } }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const listsQuery = queryOptions({
  queryKey: ["lists"],
  queryFn: ({ signal }) => ask(client.GET("/v1/lists", { signal, params: { query: { limit: 200 } } })),
});
