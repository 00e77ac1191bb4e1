import { Anchor, Button, Group, Text as Words } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type CadenceDetail, ask, client } from "../../api/client";
import { Notice } from "../../components/Notice";
import { refused } from "../../lib/notify";
import { useDrafting } from "./fields";
import type { Saving } from "./useDraft";

const states: Record<Saving, string> = { saved: "Saved", changed: "Saving…", saving: "Saving…", refused: "Not saved", conflict: "Not saved", offline: "Not saved" };

/** Whether the draft is stored, in a word. */
export function SavingBadge({ saving }: { saving: Saving }) {
  const bad = states[saving] === "Not saved";
  return <Words size="sm" role="status" data-testid="saving" c={bad ? "var(--app-bad)" : "dimmed"} fw={bad ? 600 : 400}>{states[saving]}</Words>;
}

/** Why the draft is not stored, and what can be done. */
export function Trouble({ id }: { id: string }) {
  const { draft, send } = useDrafting();
  if (draft.saving === "conflict") return <Conflict id={id} />;
  if (draft.saving !== "offline" && draft.saving !== "refused") return null;
  return (
    <Notice tone="bad" role="alert" mb="md" title={draft.saving === "offline" ? "The server does not answer" : "The draft cannot be stored like this"}>
      {draft.message} {draft.saving === "offline" ? "Your changes are kept on this page." : "The last version that could be stored is on the server."}{" "}
      <Anchor component="button" type="button" fz="inherit" onClick={() => void send()}>Try again</Anchor>
    </Notice>
  );
}

/** Somebody else was quicker: nothing is put over their work, nor theirs over this, without a word. */
function Conflict({ id }: { id: string }) {
  const { load, send } = useDrafting();
  const theirs = useMutation({
    mutationFn: (_: (c: CadenceDetail) => unknown) => ask(client.GET("/v1/cadences/{id}", { params: { path: { id } } })),
    onSuccess: (c, then) => void then(c),
    onError: (e) => refused("The other's draft could not be read", e),
  });
  return (
    <Notice tone="bad" role="alert" mb="md" title="Somebody else has changed this draft">
      <Words size="sm">What you changed since is here and not stored. Nothing is put over the other’s work unless you say so.</Words>
      <Group gap="sm" mt="sm">
        <Button size="compact-sm" variant="default" disabled={theirs.isPending} onClick={() => theirs.mutate(load)}>Take theirs, drop mine</Button>
        <Button size="compact-sm" variant="default" disabled={theirs.isPending} onClick={() => theirs.mutate((c) => send(c.revision))}>Keep mine, over theirs</Button>
      </Group>
    </Notice>
  );
}
