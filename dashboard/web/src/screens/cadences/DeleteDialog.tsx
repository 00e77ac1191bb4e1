import { Anchor, Text } from "@mantine/core";
import type { CadenceItem } from "../../api/client";
import { Irreversible } from "../../components/Irreversible";
import { useCadenceActions } from "./useCadenceActions";

interface Props {
  cadence: Pick<CadenceItem, "id" | "name">;
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
    <Irreversible title={`Delete “${cadence.name}”?`} type={cadence.name} button="Delete cadence" busy={remove.isPending} close={close} confirm={confirm}>
      <Text size="sm">
        This cannot be undone. A cadence that leads have entered is not deleted, so that its history stays; archive it
        instead. <Anchor href={`/v1/cadences/${cadence.id}/export`} download fz="inherit">Export it first</Anchor> to keep the document.
      </Text>
    </Irreversible>
  );
}
