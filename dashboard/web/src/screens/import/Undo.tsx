import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowBackUp } from "@tabler/icons-react";
import { type LeadImport, useUndoImport } from "../../api/lists";
import { Irreversible } from "../../components/Irreversible";
import { Notice } from "../../components/Notice";
import { plural } from "../../lib/format";

/** Takes an import back, after asking once: leads that are removed come back only with another import. */
export function UndoButton({ of: i }: { of: LeadImport }) {
  const [open, { open: ask, close }] = useDisclosure();
  return (
    <>
      <Button variant="default" leftSection={<IconArrowBackUp size={16} aria-hidden />} onClick={ask}>Undo the import…</Button>
      {open && <UndoDialog of={i} name="" close={close} />}
    </>
  );
}

export function UndoDialog({ of: i, name, close }: { of: Pick<LeadImport, "id">; name: string; close: () => void }) {
  const undo = useUndoImport();
  return (
    <Irreversible title={name ? `Undo the import of “${name}”?` : "Undo this import?"} type="undo" button="Undo the import" busy={undo.isPending} close={close} confirm={() => undo.mutate(i.id, { onSettled: close })}>
      <Text size="sm">
        The list is paused at once, and its leads that were never called are removed with their enrollments. Leads that were called, that have
        called us, or that somebody has changed since are left, and so are leads that were here before the import; you are told how many.
        Do-not-call marks and recorded consents stay with their numbers.
      </Text>
    </Irreversible>
  );
}

const reasons: Record<LeadImport["kept"][number]["reason"], string> = {
  called: "called, or being called", caller: "they have called us", changed: "changed since the import, by somebody or another file",
  here_before: "here before the import; they keep what the file changed",
};

/** What an undo has done so far, or has left. */
export function Undone({ of: i }: { of: LeadImport }) {
  if (i.state === "undoing") return <Notice tone="warn" role="status" mb="md" title={`${plural(i.removed, "lead")} removed so far`}>It goes on when you leave this page.</Notice>;
  return (
    <Notice tone="good" role="status" mb="md" title={`${plural(i.removed, "lead")} removed`}>
      {i.kept.length === 0 ? "Nothing was left." : (
        <>
          Left as they are:
          <ul style={{ margin: "4px 0 0", paddingInlineStart: 18 }}>{i.kept.map((k) => <li key={k.reason}>{plural(k.leads, "lead")}: {reasons[k.reason]}</li>)}</ul>
          The list stays paused until it is resumed.
        </>
      )}
    </Notice>
  );
}
