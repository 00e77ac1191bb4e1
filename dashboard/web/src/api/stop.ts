import { useMutation, useQueryClient } from "@tanstack/react-query";
import { plural } from "../lib/format";
import { good, refused } from "../lib/notify";
import { ask, client } from "./client";

/** Which cadence to stop or resume; without one, everything. */
interface Target {
  id: string;
  name: string;
}

/**
 * The stop and its end. A stop takes one click and no question: it must be quick, and resume undoes it. The page does
 * not run ahead of the server here: what it shows is what has been stored.
 */
export function useStop() {
  const queries = useQueryClient();
  const refetch = () => queries.invalidateQueries();
  const query = (cadence?: Target) => ({ params: { query: cadence ? { cadence: cadence.id } : {} } });
  const stop = useMutation({
    mutationFn: (cadence?: Target) => ask(client.POST("/v1/stop", query(cadence))),
    onSuccess: (answer, cadence) =>
      good(cadence ? `“${cadence.name}” is stopped` : "Dialing is stopped", `${plural(answer.cancelled, "waiting or ringing call")} being cancelled. Live calls go on.`),
    onError: (e) => refused("Could not stop", e),
    onSettled: refetch,
  });
  const resume = useMutation({
    mutationFn: (cadence?: Target) => ask(client.POST("/v1/resume", query(cadence))),
    onSuccess: (_, cadence) => good(cadence ? `“${cadence.name}” goes on` : "Dialing goes on", "What waited re-enters at the paced rate."),
    onError: (e) => refused("Could not resume", e),
    onSettled: refetch,
  });
  return { stop: stop.mutate, resume: resume.mutate, busy: stop.isPending || resume.isPending };
}
