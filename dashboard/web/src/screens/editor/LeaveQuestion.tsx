import { Button, Group, Text } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";
import { Dialog } from "../../components/Dialog";
import type { Saving } from "./useDraft";

/** What no leaving can store: everything else is stored on the way out. */
const lost: readonly Saving[] = ["refused", "conflict", "offline"];

/** Asks before the page is left with changes that the server does not have. */
export function LeaveQuestion({ saving }: { saving: Saving }) {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => current.pathname !== next.pathname && lost.includes(saving),
    enableBeforeUnload: false, // the draft sees to that itself
    withResolver: true,
  });
  if (status !== "blocked") return null;
  return (
    <Dialog onClose={reset} title="Leave with changes that are not stored?" centered>
      <Text size="sm">The server does not have what you changed last. It is on this page alone and is lost when you leave.</Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={reset} data-autofocus>Stay here</Button>
        <Button color="red.9" onClick={proceed}>Leave without it</Button>
      </Group>
    </Dialog>
  );
}
