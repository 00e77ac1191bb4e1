import { queryOptions } from "@tanstack/react-query";
import { type Schemas, ask, client } from "./client";

export type Machine = Schemas["Machine"];

/** The screen looks at it in a rhythm of its own: a call more is no reason to. */
export const machineQuery = queryOptions({ queryKey: ["ops"], queryFn: ({ signal }) => ask(client.GET("/v1/ops", { signal })), staleTime: 2_000, meta: { calm: true } });

/** An operator's word that the wall clock is right. */
export const acceptClock = () => ask(client.POST("/v1/clock/accept"));
