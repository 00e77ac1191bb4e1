import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { explain } from "../../api/client";
import { eraseLead } from "../../api/consents";
import { type LeadDetail, leadName } from "../../api/leads";
import { Dialog } from "../../components/Dialog";
import { Notice } from "../../components/Notice";
import { plural, sentence } from "../../lib/format";
import { instant } from "../../lib/time";

/** What has to be typed: something of this person alone, so that nobody is erased for another. */
const wordOf = (l: Pick<LeadDetail, "external_id" | "numbers">): string => l.external_id || (l.numbers[0]?.number ?? "erase");

/** Removes a person from the ledger for good, and then says what is left and until when. */
export default function EraseDialog({ lead, close }: { lead: LeadDetail; close: () => void }) {
  const queries = useQueryClient();
  const go = useNavigate();
  const [word, setWord] = useState("");
  const [reason, setReason] = useState("");
  const erase = useMutation({ mutationFn: () => eraseLead(lead.id, reason.trim()) });
  const done = erase.data;
  const leave = () => {
    if (!done) return close();
    void go({ to: "/leads" }).then(() => {
      queries.removeQueries({ queryKey: ["lead", lead.id] });
      return queries.invalidateQueries();
    });
  };
  const wanted = wordOf(lead);
  return (
    <Dialog key={done ? "done" : "asked"} onClose={leave} title={done ? "The person is erased" : `Erase ${leadName(lead)}?`} centered size="lg" closeOnClickOutside={!done}>
      {done ? (
        <Stack gap="sm">
          <Notice tone="good" role="status" title="Nothing in the ledger names them any more">
            {plural(done.numbers_forgotten, "number")} forgotten{done.numbers_shared > 0 && `; ${plural(done.numbers_shared, "number")} ${done.numbers_shared === 1 ? "stays, since another lead has it" : "stay, since other leads have them"}`}; {plural(done.enrollments, "stay")} ended or kept without a name.
          </Notice>
          {done.open_attempts > 0 && <Notice tone="warn" title={`${plural(done.open_attempts, "call")} under way`}>Their rows name the number until they end. Erase again after that if something is noted on them.</Notice>}
          <Text size="sm">The last log record that names them is trimmed by {instant(done.log_until)}. {sentence(done.backups)}</Text>
          <Group justify="flex-end"><Button onClick={leave} data-autofocus>Go to the leads</Button></Group>
        </Stack>
      ) : (
        <form onSubmit={(e) => { e.preventDefault(); erase.mutate(); }}>
          <Stack gap="sm">
            <Notice tone="bad" title="This cannot be undone">
              Name, fields and numbers go; stays end, waiting and ringing calls are cancelled. Calls and verdicts stay without a name, and a keyed hash of the number, so that do-not-call marks and caps hold on.
            </Notice>
            {erase.error && <Notice tone="bad" role="alert" title="Nobody was erased">{explain(erase.error).message}</Notice>}
            <TextInput label="Reason" description="Kept for good with your name. Do not name the person in it." required maxLength={500} data-autofocus value={reason} onChange={(e) => setReason(e.currentTarget.value)} />
            <TextInput label={`Type ${wanted} to confirm`} required autoComplete="off" value={word} onChange={(e) => setWord(e.currentTarget.value)} />
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>Cancel</Button>
              <Button type="submit" color="red.9" disabled={word.trim() !== wanted || reason.trim() === ""} loading={erase.isPending}>Erase this person</Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}
