import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ask, client } from "../../api/client";

/**
 * Sends the file's own text and not a parsed copy of it: the lines in the answer are then the lines of the file, and
 * what JSON.parse would forgive, such as a key given twice, is still seen by the server.
 */
const asWritten = (text: string) => ({
  body: text as unknown as Record<string, never>,
  bodySerializer: (body: unknown) => body as string,
  headers: { "Content-Type": "application/json" },
});

/** Tells what a text would become, or imports it as drafts. */
export function useImport() {
  const queries = useQueryClient();
  const check = useMutation({ mutationFn: (text: string) => ask(client.POST("/v1/cadences/import/preview", asWritten(text))) });
  const add = useMutation({
    mutationFn: (text: string) => ask(client.POST("/v1/cadences/import", asWritten(text))),
    onSuccess: () => queries.invalidateQueries(),
  });
  return { check, add };
}
