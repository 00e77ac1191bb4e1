import { Code } from "@mantine/core";
import type { Schemas } from "../../api/client";
import { plural } from "../../lib/format";
import { spanWords } from "../../lib/time";
import classes from "./Cadence.module.css";

type Route = Schemas["Route"];

/** What a route does, in words. */
export function routeWords(r: Route): string {
  const wait = r.delay ? ` after ${spanWords(r.delay)}` : "";
  switch (r.do) {
    case "retry":
      return `retry${r.delay ? ` in ${spanWords(r.delay)}` : ""}${r.max ? `, up to ${plural(r.max, "time")}` : ""}`;
    case "next":
      return `next step${wait}`;
    case "goto":
      return `go to ${r.to}${wait}`;
    case "exit":
      return "leave the cadence";
    case "next_number":
      return "the lead’s next number at once";
    case "callback":
      return "call back when asked to";
    case "transition":
      return `move to “${r.to}”${wait}`;
    default:
      return r.do;
  }
}

interface Props {
  routes: readonly Route[];
  /** The delay of the default edge. */
  after?: string;
  last?: boolean;
}

/** Routes by outcome; a step's own end with its default edge. */
export function RouteList({ routes, after, last }: Props) {
  return (
    <ul className={classes.routes}>
      {routes.map((r, i) => <li key={i}><Code>{r.on}</Code> {routeWords(r)}</li>)}
      {last !== undefined && <li className={classes.other}>default: {last ? "the run ends" : `next step ${after && after !== "0s" ? `after ${spanWords(after)}` : "at once"}`}</li>}
    </ul>
  );
}
