import { useMutation, useQueryClient } from "@tanstack/react-query";
import { plural } from "../lib/format";
import { good, refused } from "../lib/notify";
import { ask, client } from "./client";
import { useMay } from "./me";

/** Which cadence to stop or resume; without one, everything. */
interface Target {
  id: string;
  name: string;
}

export interface Stop {
  cadence?: Target;
  /** Told to everybody who asks why nothing is dialed. */
  reason?: string;
}

const of = (cadence?: Target) => ({ params: { query: cadence ? { cadence: cadence.id } : {} } });

/** The stop and its end. The page does not run ahead of the server here: what it shows is what has been stored. */
export function useStop() {
  const queries = useQueryClient();
  const may = useMay();
  const [mayStop, mayResume] = [may("dialing.stop"), may("dialing.resume")];
  const onSettled = () => queries.invalidateQueries();
  const stop = useMutation({
    mutationFn: ({ cadence, reason }: Stop & { back?: boolean }) => ask(client.POST("/v1/stop", { ...of(cadence), body: reason ? { reason } : undefined })),
    onSuccess: (answer, { cadence, back }) => {
      if (back) return;
      good(cadence ? `“${cadence.name}” is stopped` : "Dialing is stopped", `${plural(answer.cancelled, "waiting or ringing call")} being cancelled. Live calls go on.`, cadence && mayResume ? { name: "Undo", run: () => resume.mutate({ cadence, back: true }) } : undefined);
    },
    onError: (e) => refused("Could not stop", e),
    onSettled,
  });
  const resume = useMutation({
    mutationFn: ({ cadence }: Stop & { back?: boolean }) => ask(client.POST("/v1/resume", of(cadence))),
    onSuccess: (_, { cadence, back }) => {
      if (back) return;
      good(cadence ? `“${cadence.name}” goes on` : "Dialing goes on", "What waited re-enters at the paced rate.", cadence && mayStop ? { name: "Undo", run: () => stop.mutate({ cadence, back: true }) } : undefined);
    },
    onError: (e) => refused("Could not resume", e),
    onSettled,
  });
  return { stop, resume };
}
