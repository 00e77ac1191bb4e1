import type { Schemas } from "../../api/client";
import { routeWords } from "../cadence/RouteList";

type Route = Schemas["Route"];
type Known = Schemas["DispositionPage"]["items"][number];

export interface Other {
  code: string;
  label: string;
  /** What follows, in words. */
  then: string;
  /** Who says so. */
  by: "cadence" | "server" | "law";
}

/**
 * The outcomes that a list of routes does not name, each with what follows it: a route of the cadence, else the server's
 * own. A no ends the stay whatever any route says. Codes of other dialers in a route stand for ours.
 */
export function others(known: readonly Known[], named: readonly Route[], cadence: readonly Route[]): Other[] {
  const about = (d: Known) => (r: Route) => r.on === d.code || d.aliases.includes(r.on.toUpperCase());
  return known
    .filter((d) => d.code !== "NEW" && !named.some(about(d)))
    .map((d): Other => {
      if (d.flags.includes("dnc")) return { code: d.code, label: d.label, then: "leave the cadence: nobody calls again", by: "law" };
      const route = cadence.find(about(d));
      return { code: d.code, label: d.label, then: routeWords(route ?? d.route), by: route ? "cadence" : "server" };
    });
}
