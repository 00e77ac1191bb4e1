import { Button, Group, NativeSelect, Text, TextInput, Title } from "@mantine/core";
import { type UseMutationResult, useQuery } from "@tanstack/react-query";
import { explain } from "../../api/client";
import { type LeadImport, type LeadsPreview, type OnDuplicate } from "../../api/lists";
import { useMay } from "../../api/me";
import { cadenceNamesQuery } from "../../api/queries";
import { Defined } from "../../components/Definition";
import { Notice } from "../../components/Notice";
import { takesLeads } from "../../lib/figures";
import { count, plural } from "../../lib/format";
import type { StepProps } from "./Columns";
import classes from "./Import.module.css";
import { RejectTable } from "./RejectTable";

const duplicates: { value: OnDuplicate; label: string }[] = [
  { value: "update", label: "Update them with what the file says" },
  { value: "skip", label: "Leave them as they are" },
  { value: "reject", label: "Reject the row" },
];

/** How many leads an import would make or change, given what it does with those that are here. */
export function taken(f: LeadsPreview, duplicate: OnDuplicate): number {
  return f.new + (duplicate === "update" ? f.existing + f.repeated : 0);
}

/** What the import would meet, and the last settings before it. */
export function DryRun({ chosen, order, set, preview, go, send }: StepProps & { send: UseMutationResult<LeadImport, Error, File> }) {
  const may = useMay();
  const all = (useQuery(cadenceNamesQuery).data ?? []).filter(takesLeads);
  const found = preview.data;
  if (!found) return <Notice tone="bad" role="alert" title="The file cannot be read">{preview.error ? explain(preview.error).message : "It is being read."}</Notice>;
  const n = taken(found, order.duplicate);
  const nobody = n + found.existing === 0;
  return (
    <div className="again" aria-busy={preview.isPlaceholderData}>
      <Title order={2} size="h3" mb="sm">{plural(found.rows, "row")}, and nothing is stored yet</Title>
      <Counts found={found} />
      {preview.error && <Notice tone="bad" role="alert" mb="md">{explain(preview.error).message}</Notice>}
      {found.rejects.length > 0 && <RejectTable rejects={found.rejects} total={found.rejected} name={order.name} />}
      <div className={classes.options}>
        <TextInput label="Name of the list" value={order.name} onChange={(e) => set({ name: e.currentTarget.value })} maxLength={200} required />
        <TextInput label="Where the leads come from" value={order.source} onChange={(e) => set({ source: e.currentTarget.value })} maxLength={200} placeholder="A form, a fair, a partner" />
        <NativeSelect label="Leads that are here already" value={order.duplicate} data={duplicates} onChange={(e) => set({ duplicate: e.currentTarget.value as OnDuplicate })} />
        {may("enroll") && (
          <NativeSelect label="Enroll in" value={order.cadence ?? ""} onChange={(e) => set({ cadence: e.currentTarget.value || undefined })}
            data={[{ value: "", label: "No cadence for now" }, ...all.map((c) => ({ value: c.id, label: c.status === "active" ? c.name : `${c.name} (off)` }))]} />
        )}
      </div>
      {send.error && <Notice tone="bad" role="alert" mb="md" title="Nothing was imported">{explain(send.error).message}</Notice>}
      {nobody && <Text role="status" mb="md">No row of this file can be a lead. Go back and look at its columns.</Text>}
      <Group justify="space-between">
        <Button variant="default" onClick={() => go("columns")} disabled={send.isPending}>Back to the columns</Button>
        <Button disabled={nobody || order.name.trim() === "" || preview.isPlaceholderData} loading={send.isPending} onClick={() => send.mutate(chosen.file)}>Import {plural(n, "lead")}</Button>
      </Group>
    </div>
  );
}

function Counts({ found: f }: { found: LeadsPreview }) {
  const figures: [name: string, n: number, about: string][] = [
    ["Valid", f.rows - f.rejected, "Rows that can be leads: new ones and duplicates."],
    ["New", f.new, "Rows that make a lead."],
    ["Duplicate", f.existing + f.repeated, `About a lead that is here already (${count(f.existing)}), or that an earlier row of the file is about (${count(f.repeated)}): the same id or number.`],
    ["Bad", f.rejected, "Rows that cannot be leads. They are left out and can be downloaded with the reason."],
    ["Suppressed", f.suppressed, "Valid rows of whose numbers each is on the do-not-call list or an imported one. They are stored, and not called while that holds."],
  ];
  return (
    <dl className={classes.counts}>
      {figures.map(([name, n, about]) => (
        <div key={name} data-count={name}>
          <dt><Defined words={name}>{about}</Defined></dt>
          <dd className="num">{count(n)}</dd>
        </div>
      ))}
    </dl>
  );
}
