import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ask, client } from "../../api/client";
import { good, refused } from "../../lib/notify";

interface Named {
  id: string;
  name: string;
}

const one = ({ id }: Named) => ({ params: { path: { id } } });

/** The changes of one cadence that wait for the server's word before they show. */
export function useCadenceActions() {
  const queries = useQueryClient();
  const onSettled = () => queries.invalidateQueries();
  const publish = useMutation({
    mutationFn: (c: Named) => ask(client.POST("/v1/cadences/{id}/publish", one(c))),
    onSuccess: (c) => good(`“${c.name}” is published`, `Version ${c.version}. New enrollments take it; leads already in stay on theirs.${c.status === "active" ? "" : " Switch it on to let it dial."}`),
    onError: (e, c) => refused(`“${c.name}” was not published`, e),
    onSettled,
  });
  const duplicate = useMutation({
    mutationFn: (c: Named) => ask(client.POST("/v1/cadences/{id}/duplicate", one(c))),
    onSuccess: (copy) => good("Copied", `The draft is “${copy.name}”.`),
    onError: (e, c) => refused(`“${c.name}” was not copied`, e),
    onSettled,
  });
  const unarchive = useMutation({
    mutationFn: (c: Named) => ask(client.POST("/v1/cadences/{id}/unarchive", one(c))),
    onSuccess: (c) => good(`“${c.name}” is back`, c.version > 0 ? "It is inactive: switch it on to let it dial." : "It is a draft again."),
    onError: (e, c) => refused(`“${c.name}” is still archived`, e),
    onSettled,
  });
  const archive = useMutation({
    mutationFn: (c: Named) => ask(client.POST("/v1/cadences/{id}/archive", one(c))),
    onSuccess: (c) => good(`“${c.name}” is archived`, "Its history stays.", { name: "Undo", run: () => unarchive.mutate(c) }),
    onError: (e, c) => refused(`“${c.name}” was not archived`, e),
    onSettled,
  });
  const remove = useMutation({
    mutationFn: (c: Named) => ask(client.DELETE("/v1/cadences/{id}", one(c))),
    onSuccess: (_, c) => {
      queries.removeQueries({ queryKey: ["cadence", c.id] });
      good("Deleted", `“${c.name}” is gone.`);
    },
    onError: (e, c) => refused(`“${c.name}” was not deleted`, e),
    onSettled: () => queries.invalidateQueries({ predicate: (q) => q.queryKey[0] !== "cadence" }),
  });
  return { publish, duplicate, archive, unarchive, remove };
}
