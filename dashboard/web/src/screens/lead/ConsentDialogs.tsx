import { Button, Group, NativeSelect, Stack, Text, TextInput, Textarea } from "@mantine/core";
import { useState } from "react";
import { explain } from "../../api/client";
import { type Consent, type ConsentKind, useConsents } from "../../api/consents";
import type { LeadDetail } from "../../api/leads";
import { Dialog } from "../../components/Dialog";
import { Notice } from "../../components/Notice";
import { type Draft, kinds, requestOf, ways } from "./consent";

/** The field that a refusal is about, by the name the API has for it. */
const errorAt = (error: unknown, field: string): string | undefined => {
  const e = error ? explain(error) : undefined;
  return e?.field === field ? e.message : undefined;
};
const known = ["number", "kind", "given_at", "seller", "scope", "source", "proof"];

/** Enters what somebody agreed to, or what business there is. */
export function RecordConsent({ lead, close }: { lead: LeadDetail; close: () => void }) {
  const { record } = useConsents(lead.id);
  const [d, setD] = useState<Draft>({ number: lead.numbers[0]?.number ?? "", kind: "express_written", given: "", seller: "", campaign: "", source: "", proof: "" });
  const set = (next: Partial<Draft>) => setD((old) => ({ ...old, ...next }));
  const error = record.error ? explain(record.error) : undefined;
  return (
    <Dialog onClose={close} title="Record a consent or a relationship" centered size="lg">
      <form onSubmit={(e) => { e.preventDefault(); record.mutate(requestOf(d), { onSuccess: close }); }}>
        <Stack gap="sm">
          {error && !known.includes(error.field) && <Notice tone="bad" role="alert" title="Nothing was recorded">{error.message}</Notice>}
          {lead.numbers.length > 1 && <NativeSelect label="Number" value={d.number} onChange={(e) => set({ number: e.currentTarget.value })} data={[...new Set(lead.numbers.map((n) => n.number))]} error={errorAt(record.error, "number")} />}
          <NativeSelect label="What" data-autofocus description={kinds[d.kind].about} value={d.kind} error={errorAt(record.error, "kind")} onChange={(e) => set({ kind: e.currentTarget.value as ConsentKind })}
            data={Object.entries(kinds).map(([value, k]) => ({ value, label: k.label }))} />
          <TextInput label="When" description="The day it was given; of a relationship, of the last purchase or inquiry" type="date" required value={d.given} error={errorAt(record.error, "given_at")} onChange={(e) => set({ given: e.currentTarget.value })} />
          <TextInput label="To whom" description="The seller it names; left out, nobody in particular" maxLength={200} value={d.seller} error={errorAt(record.error, "seller")} onChange={(e) => set({ seller: e.currentTarget.value })} />
          <TextInput label="Campaign" description="Left out, it is about everything" maxLength={200} value={d.campaign} error={errorAt(record.error, "scope")} onChange={(e) => set({ campaign: e.currentTarget.value })} />
          <TextInput label="Where it was given" description="A form, a call, a contract" maxLength={200} value={d.source} error={errorAt(record.error, "source")} onChange={(e) => set({ source: e.currentTarget.value })} />
          <Textarea label="Proof" description="Where it can be seen: a text, an address, a digest" maxLength={2000} rows={2} value={d.proof} error={errorAt(record.error, "proof")} onChange={(e) => set({ proof: e.currentTarget.value })} />
          <Group justify="flex-end"><Button variant="default" onClick={close}>Cancel</Button><Button type="submit" loading={record.isPending}>Record</Button></Group>
        </Stack>
      </form>
    </Dialog>
  );
}

/** Takes one record back, or everything that was given until now. */
export function TakeBack({ lead, consent, close }: { lead: string; consent?: Consent; close: () => void }) {
  const { revoke, revokeAll } = useConsents(lead);
  const [how, setHow] = useState("");
  const [reason, setReason] = useState("");
  const said = { how: how.trim(), reason: reason.trim() || undefined };
  const go = () => (consent ? revoke.mutate({ ...said, consent: consent.id }, { onSuccess: close }) : revokeAll.mutate(said, { onSuccess: close }));
  return (
    <Dialog onClose={close} title={consent ? `Take back: ${kinds[consent.kind].label.toLowerCase()}?` : "Take back every consent?"} centered>
      <form onSubmit={(e) => { e.preventDefault(); go(); }}>
        <Stack gap="sm">
          <Text size="sm">
            {consent ? "It counts no more from this moment. The record stays, with who took it back and how." : "Everything that was given until now, to anybody, at every number of this lead. Calls that wait or ring are cancelled; a live one goes on."}
            {!consent && " Whoever wants no calls at all belongs on the do-not-call list."}
          </Text>
          <TextInput label="How the person said so" required data-autofocus maxLength={200} list="ways" autoComplete="off" value={how} onChange={(e) => setHow(e.currentTarget.value)} />
          <datalist id="ways">{ways.map((w) => <option key={w} value={w} />)}</datalist>
          <TextInput label="Reason" maxLength={500} value={reason} onChange={(e) => setReason(e.currentTarget.value)} />
          <Group justify="flex-end"><Button variant="default" onClick={close}>Cancel</Button><Button type="submit" color="red.9" disabled={said.how === ""} loading={revoke.isPending || revokeAll.isPending}>Take back</Button></Group>
        </Stack>
      </form>
    </Dialog>
  );
}
