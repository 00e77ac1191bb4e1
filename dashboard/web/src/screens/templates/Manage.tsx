import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ask, client, explain } from "../../api/client";
import type { Template } from "../../api/drafting";
import { Dialog } from "../../components/Dialog";
import { Irreversible } from "../../components/Irreversible";
import { good, refused } from "../../lib/notify";

interface Props {
  template: Template;
  close: () => void;
}

export function RenameTemplate({ template: t, close }: Props) {
  const queries = useQueryClient();
  const [name, setName] = useState(t.name);
  const [vertical, setVertical] = useState(t.vertical);
  const rename = useMutation({
    mutationFn: () => ask(client.PATCH("/v1/templates/{id}", { params: { path: { id: t.id } }, body: { name: name.trim(), vertical: vertical.trim() } })),
    onSuccess: close,
    onSettled: () => queries.invalidateQueries({ queryKey: ["templates"] }),
  });
  return (
    <Dialog onClose={close} title="Rename the template" centered>
      <form onSubmit={(e) => { e.preventDefault(); rename.mutate(); }}>
        <Stack>
          <TextInput label="Name" value={name} onChange={(e) => setName(e.currentTarget.value)} required maxLength={200} data-autofocus error={rename.error ? explain(rename.error).message : undefined} />
          <TextInput label="Line of business" value={vertical} onChange={(e) => setVertical(e.currentTarget.value)} maxLength={200} />
          <Group justify="flex-end"><Button variant="default" onClick={close}>Cancel</Button><Button type="submit" loading={rename.isPending} disabled={name.trim() === ""}>Rename</Button></Group>
        </Stack>
      </form>
    </Dialog>
  );
}

export function DeleteTemplate({ template: t, close }: Props) {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => ask(client.DELETE("/v1/templates/{id}", { params: { path: { id: t.id } } })),
    onSuccess: () => good("Deleted", `The template “${t.name}” is gone.`),
    onError: (e) => refused(`“${t.name}” was not deleted`, e),
    onSettled: () => {
      close();
      return queries.invalidateQueries({ queryKey: ["templates"] });
    },
  });
  return (
    <Irreversible title={`Delete the template “${t.name}”?`} type={t.name} button="Delete template" busy={remove.isPending} close={close} confirm={() => remove.mutate()}>
      <Text size="sm">Cadences made from it stay as they are. This cannot be undone.</Text>
    </Irreversible>
  );
}
