import { Button, Group, NativeSelect, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Suspense, lazy, useState } from "react";
import { useLeadActions } from "../../api/leads";
import { useMay } from "../../api/me";
import { cadenceNamesQuery } from "../../api/queries";
import { Dialog } from "../../components/Dialog";
import { Notice } from "../../components/Notice";
import { KeyCap } from "../../keys/KeyCap";
import { useShortcuts } from "../../keys/useShortcuts";
import { count, plural } from "../../lib/format";
import classes from "./Leads.module.css";
import { MOST, typed } from "./selection";

const EnrollDialog = lazy(() => import("../lead/EnrollDialog"));

/** What can be done with the leads that are chosen. */
export function SelectionBar({ chosen, clear }: { chosen: ReadonlySet<string>; clear: () => void }) {
  const [doing, setDoing] = useState<"enroll" | "remove">();
  const leads = [...chosen];
  const close = () => setDoing(undefined);
  const many = leads.length > MOST;
  const may = useMay();
  useShortcuts([
    ...(may("enroll") && !many ? [{ keys: "e", label: "Enroll the chosen leads", group: "This page" as const, run: () => setDoing("enroll") }] : []),
    { keys: "Escape", label: "Choose none", group: "Tables", keyOnly: true, run: clear },
  ]);
  return (
    <section className={classes.bar} aria-label="Chosen leads">
      <Text fw={550} role="status">{plural(leads.length, "lead")} chosen{many ? `: at most ${count(MOST)} at once` : ""}</Text>
      <Group gap="sm">
        {may("enroll") && <Button size="compact-md" disabled={many} aria-keyshortcuts="e" rightSection={<KeyCap of="e" />} onClick={() => setDoing("enroll")}>Enroll…</Button>}
        {may("unenroll") && <Button size="compact-md" variant="default" disabled={many} onClick={() => setDoing("remove")}>Un-enroll…</Button>}
        <Button size="compact-md" variant="subtle" onClick={clear}>Choose none</Button>
      </Group>
      <Suspense fallback={null}>{doing === "enroll" && <EnrollDialog leads={leads} title={`Enroll ${plural(leads.length, "lead")}`} close={close} done={clear} />}</Suspense>
      {doing === "remove" && <RemoveDialog leads={leads} close={close} done={clear} />}
    </section>
  );
}

/** Un-enrolling ends stays for good, so it wants the count typed. */
function RemoveDialog({ leads, close, done }: { leads: string[]; close: () => void; done: () => void }) {
  const [cadence, setCadence] = useState("");
  const [text, setText] = useState("");
  const { remove } = useLeadActions();
  const all = (useQuery(cadenceNamesQuery).data ?? []).filter((c) => c.version > 0);
  const picked = all.find((c) => c.id === cadence);
  const confirm = () => picked && remove.mutate({ leads, cadence, name: picked.name }, { onSuccess: () => { close(); done(); } });
  return (
    <Dialog onClose={close} title={`Un-enroll ${plural(leads.length, "lead")}`} centered>
      <NativeSelect label="From" value={cadence} onChange={(e) => setCadence(e.currentTarget.value)} data-autofocus
        data={[{ value: "", label: "Choose a cadence", disabled: true }, ...all.map((c) => ({ value: c.id, label: c.name }))]} />
      <Notice tone="warn" mt="sm" title="Their stays end now">Calls that wait are taken back, live ones go on. Enrolling again begins at a step of your choice, where the cadence allows it.</Notice>
      <TextInput mt="sm" label={`Type ${leads.length} to confirm`} inputMode="numeric" value={text} onChange={(e) => setText(e.currentTarget.value)} autoComplete="off" />
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={close}>Cancel</Button>
        <Button color="red.9" disabled={!picked || !typed(text, leads.length)} loading={remove.isPending} onClick={confirm}>Un-enroll {plural(leads.length, "lead")}</Button>
      </Group>
    </Dialog>
  );
}
