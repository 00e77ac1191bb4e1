import { Button, Group, NativeSelect, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useLeadActions } from "../../api/leads";
import { cadenceNamesQuery, cadenceQuery } from "../../api/queries";
import { Dialog } from "../../components/Dialog";
import { Notice } from "../../components/Notice";
import { takesLeads } from "../../lib/figures";
import { plural } from "../../lib/format";

/** Puts leads into a cadence, at its first step or at one that is chosen. */
export default function EnrollDialog({ leads, title, close, done }: { leads: string[]; title: string; close: () => void; done?: () => void }) {
  const [cadence, setCadence] = useState("");
  const [step, setStep] = useState("");
  const { enroll } = useLeadActions();
  const known = useQuery(cadenceNamesQuery).data;
  const all = (known ?? []).filter(takesLeads);
  const picked = all.find((c) => c.id === cadence);
  const document = useQuery({ ...cadenceQuery(cadence), enabled: cadence !== "" }).data?.published;
  const confirm = () =>
    picked && enroll.mutate({ leads, cadence, name: picked.name, step: step || undefined }, { onSuccess: () => { close(); done?.(); } });
  return (
    <Dialog onClose={close} title={title} centered>
      {known && all.length === 0 && <Notice tone="warn" title="No cadence takes leads">Publish one first: leads enter the published version.</Notice>}
      <NativeSelect label="Cadence" value={cadence} onChange={(e) => { setCadence(e.currentTarget.value); setStep(""); }} data-autofocus
        data={[{ value: "", label: "Choose one", disabled: true }, ...all.map((c) => ({ value: c.id, label: c.status === "active" ? c.name : `${c.name} (off)` }))]} />
      <NativeSelect mt="sm" label="Begin with" value={step} disabled={!document} onChange={(e) => setStep(e.currentTarget.value)}
        data={[{ value: "", label: "The first step" }, ...(document?.steps ?? []).map((s) => ({ value: s.key, label: s.name ? `${s.name} (${s.key})` : s.key }))]} />
      {picked && picked.status !== "active" && <Text size="sm" c="dimmed" mt="sm">It is switched off: nobody is called before it is switched on.</Text>}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={close}>Cancel</Button>
        <Button disabled={!picked} loading={enroll.isPending} onClick={confirm}>Enroll {plural(leads.length, "lead")}</Button>
      </Group>
    </Dialog>
  );
}
