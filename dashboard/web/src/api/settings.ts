import { queryOptions } from "@tanstack/react-query";
import { type Schemas, ask, client } from "./client";

export type Settings = Schemas["Settings"];
export type AccountReport = Schemas["AccountAnswer"];

export const settingsQuery = queryOptions({ queryKey: ["settings"], queryFn: ({ signal }) => ask(client.GET("/v1/settings", { signal })), staleTime: Infinity });

/** Asks the carrier whether dialing can work; it places no call. */
export const checkAccount = () => ask(client.POST("/v1/account/check"));
