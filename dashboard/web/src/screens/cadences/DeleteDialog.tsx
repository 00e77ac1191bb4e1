import { Anchor, Button, Group, Modal, Text } from "@mantine/core";
import type { CadenceItem } from "../../api/client";
import { useCadenceActions } from "./useCadenceActions";

interface Props {
  cadence: CadenceItem;
  close: () => void;
  deleted?: () => void;
}

/** Asks before the one thing here that cannot be undone. */
export function DeleteDialog({ cadence, close, deleted }: Props) {
  const { remove } = useCadenceActions();
  const confirm = () =>
    remove.mutate(cadence, {
      onSuccess: () => {
        close();
        deleted?.();
      },
      onError: close,
    });
  return (
    <Modal opened onClose={close} title={`Delete “${cadence.name}”?`} centered>
      <Text size="sm">
        This cannot be undone. A cadence that leads have entered is not deleted, so that its history stays; archive it
        instead. <Anchor href={`/v1/cadences/${cadence.id}/export`} download fz="inherit">Export it first</Anchor> to keep the document.
      </Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={close} data-autofocus>Keep it</Button>
        <Button color="red.9" loading={remove.isPending} onClick={confirm}>Delete cadence</Button>
      </Group>
    </Modal>
  );
}
