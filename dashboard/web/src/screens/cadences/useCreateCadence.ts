import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { makeDraft } from "../../api/drafting";
import { refused } from "../../lib/notify";
import { blank } from "../editor/document";

/** Begins an empty cadence and opens it. */
export function useCreateCadence() {
  const go = useNavigate();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => makeDraft(blank("New cadence")),
    onSuccess: async (c) => {
      await queries.invalidateQueries({ queryKey: ["cadences"] });
      await go({ to: "/cadences/$id/edit", params: { id: c.id } });
    },
    onError: (e) => refused("No cadence was created", e),
  });
}
