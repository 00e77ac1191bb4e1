import { Text } from "@mantine/core";
import { type View, type ViewPage, useViewActions } from "../api/views";
import { Irreversible } from "../components/Irreversible";

/** Asks before a view goes: of a shared one everybody loses it. */
export function DeleteView({ view, page, close, gone }: { view: View; page: ViewPage; close: () => void; gone: () => void }) {
  const { remove } = useViewActions(page);
  return (
    <Irreversible title={`Delete the view “${view.name}”?`} type={view.name} button="Delete view" busy={remove.isPending} close={close}
      confirm={() => remove.mutate(view, { onSuccess: () => { close(); gone(); } })}>
      <Text size="sm">{view.shared ? "Everybody who uses it loses it. " : ""}The list itself and what is in it stay as they are.</Text>
    </Irreversible>
  );
}
