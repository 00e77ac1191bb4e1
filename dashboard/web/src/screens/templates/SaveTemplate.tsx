import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type CadenceDocument, ask, client, explain } from "../../api/client";
import { Dialog } from "../../components/Dialog";
import { good } from "../../lib/notify";

/** Keeps a document as a template of this instance. */
export default function SaveTemplate({ document, close }: { document: CadenceDocument; close: () => void }) {
  const queries = useQueryClient();
  const [name, setName] = useState(document.name);
  const [vertical, setVertical] = useState("");
  const save = useMutation({
    mutationFn: () => ask(client.POST("/v1/templates", { body: { name: name.trim(), vertical: vertical.trim(), document: document as unknown as Record<string, never> } })),
    onSuccess: (t) => {
      void queries.invalidateQueries({ queryKey: ["templates"] });
      good("Template saved", `“${t.name}” is among the templates now. Later changes of the cadence do not change it.`);
      close();
    },
  });
  const error = save.error ? explain(save.error) : undefined;
  return (
    <Dialog onClose={close} title="Save as template" centered>
      <form onSubmit={(e) => { e.preventDefault(); save.mutate(); }}>
        <Stack>
          <TextInput label="Name" value={name} onChange={(e) => setName(e.currentTarget.value)} required maxLength={200} data-autofocus error={error?.field === "name" ? error.message : undefined} />
          <TextInput label="Line of business" description="Shown in the gallery" value={vertical} onChange={(e) => setVertical(e.currentTarget.value)} maxLength={200} />
          {error && error.field !== "name" && <Text size="sm" c="var(--app-bad)" role="alert">{error.message}</Text>}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>Cancel</Button>
            <Button type="submit" loading={save.isPending} disabled={name.trim() === ""}>Save template</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
