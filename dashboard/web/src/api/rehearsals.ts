import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { type Schemas, ask, client } from "./client";

export type StaffNumber = Schemas["StaffNumber"];
export type RehearsalItem = Schemas["Rehearsal"];
export type Rehearsal = Schemas["RehearsalDetail"];

export const staffQuery = queryOptions({ queryKey: ["staff"], queryFn: ({ signal }) => ask(client.GET("/v1/staff-numbers", { signal })) });

const ended: readonly Rehearsal["state"][] = ["not_made", "ended", "rejected", "not_placed"];
export const isOver = (r: Pick<RehearsalItem, "state">) => ended.includes(r.state);

/** One rehearsal, looked at each second until it is over. */
export const rehearsalQuery = (id: string) =>
  queryOptions({
    queryKey: ["rehearsal", id],
    queryFn: ({ signal }) => ask(client.GET("/v1/rehearsals/{id}", { signal, params: { path: { id } } })),
    refetchInterval: (q) => (q.state.data && isOver(q.state.data) ? false : 1000),
  });

/** Every rehearsal, newest first; looked at again while one is under way. */
export const rehearsalsQuery = infiniteQueryOptions({
  queryKey: ["rehearsals"],
  queryFn: ({ signal, pageParam }) => ask(client.GET("/v1/rehearsals", { signal, params: { query: { limit: 100, cursor: pageParam } } })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next ?? undefined,
  refetchInterval: (q) => (q.state.data?.pages.some((p) => p.items.some((r) => !isOver(r))) ? 2000 : false),
});

export const rehearse = (to: string, cadence: string, version: string, step: string) => ask(client.POST("/v1/rehearsals", { body: { to, cadence, version, step } }));
export const addStaff = (number: string, name: string) => ask(client.POST("/v1/staff-numbers", { body: { number, name } }));
const one = (number: string) => ({ params: { path: { number } } });
export const callStaff = (number: string) => ask(client.POST("/v1/staff-numbers/{number}/call", one(number)));
export const confirmStaff = (number: string, code: string) => ask(client.POST("/v1/staff-numbers/{number}/confirm", { ...one(number), body: { code } }));
export const removeStaff = (number: string) => ask(client.DELETE("/v1/staff-numbers/{number}", one(number)));

/** What is happening, or has happened, in one sentence. */
export function told(r: RehearsalItem): string {
  const who = r.name ? `${r.name}, ${r.to}` : r.to;
  switch (r.state) {
    case "waiting": return `Waiting for its turn: ${who}`;
    case "intent": case "placed": return `Calling ${who} from ${r.from}`;
    case "ringing": return `Ringing at ${who}, from ${r.from}`;
    case "live": case "closing": return `Answered: ${playing[r.played] ?? "on the line"}`;
    case "unknown": return "Nobody knows yet whether there is a call. It is searched for at the carrier, never repeated";
    case "not_made": return `No call was placed: ${r.refused?.title || r.refused?.rule || "it was taken back"}`;
    case "rejected": return "The carrier refused the call";
    case "not_placed": return "No call was found at the carrier";
    case "ended": return r.answered_at ? `It was answered and lasted ${r.talk_seconds} s` : "Nobody answered";
  }
}

export const playing: Record<string, string> = {
  connect: "put through to the connect target",
  message: "the message is played",
  voicemail: "the voicemail is left",
  hangup: "the call is ended",
};
