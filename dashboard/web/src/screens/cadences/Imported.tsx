import { Button, Group, List, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Schemas } from "../../api/client";
import { plural } from "../../lib/format";

const kinds: Record<Schemas["Missing"]["kind"], string> = { pool: "Caller-ID pool", media: "Audio", disposition: "Disposition", cadence: "Cadence" };

/** What an import made, under which name, and what this server lacks for it. */
export function Imported({ answer, close }: { answer: Schemas["ImportedCadences"]; close: () => void }) {
  return (
    <Stack gap="md">
      {answer.items.map(({ cadence, renamed_from, missing }) => (
        <div key={cadence.id}>
          <Link to="/cadences/$id/edit" params={{ id: cadence.id }} className="open-link" onClick={close}>{cadence.name}</Link>
          <Text size="sm" c="dimmed">
            Draft with {plural(cadence.steps, "step")}.{renamed_from ? ` The name “${renamed_from}” was in use.` : ""}{" "}
            {cadence.publishable ? "It can be published." : "Open it to see what to mend before publishing."}
          </Text>
          {missing.length > 0 && (
            <List size="sm" mt={4}>
              {missing.map((m) => <List.Item key={m.path}>{kinds[m.kind]} “{m.name}” is not here (asked for at {m.path})</List.Item>)}
            </List>
          )}
        </div>
      ))}
      <Group justify="flex-end"><Button onClick={close} data-autofocus>Done</Button></Group>
    </Stack>
  );
}
