import { Button, Group, NativeSelect, Skeleton, Table, Text, TextInput, Title, VisuallyHidden } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { explain } from "../../api/client";
import type { Chosen, LeadsPreview, Order } from "../../api/lists";
import { Notice } from "../../components/Notice";
import { plural, sentence } from "../../lib/format";
import classes from "./Import.module.css";
import { choices } from "./fields";
import type { ImportSearch } from "./search";

export interface StepProps {
  chosen: Chosen;
  order: Order;
  set: (next: Partial<Order>) => void;
  preview: UseQueryResult<LeadsPreview>;
  go: (step: ImportSearch["step"]) => void;
}

/** What the columns of the file are: the guess, some values, and a say in it. */
export function Columns({ chosen, order, set, preview, go }: StepProps) {
  const found = preview.data;
  const region = order.region;
  return (
    <>
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h3" style={{ overflowWrap: "anywhere" }}>{chosen.file.name}</Title>
        <Button variant="default" size="compact-sm" onClick={() => go(undefined)}>Choose another file</Button>
      </Group>
      {preview.error && <Notice tone="bad" role="alert" mb="md" title="The file cannot be read">{explain(preview.error).message}</Notice>}
      {found?.problem && <Notice tone="warn" role="status" mb="md" title={sentence(found.problem.message)}>{sentence(found.problem.remedy)}</Notice>}
      {!found ? (
        !preview.error && <Loading />
      ) : (
        <div className="again" aria-busy={preview.isPlaceholderData}>
          <Text size="sm" c="dimmed" mb="xs" role="status">{described(found)}</Text>
          <Table aria-label="Columns of the file" className={`rows ${classes.columns}`} verticalSpacing={6}>
            <Table.Thead><Table.Tr><Table.Th>Column</Table.Th><Table.Th>Values</Table.Th><Table.Th>Goes to</Table.Th></Table.Tr></Table.Thead>
            <Table.Tbody>
              {found.columns.map((c) => (
                <Table.Tr key={c.name} data-column={c.name}>
                  <Table.Td className={classes.column}><bdi>{c.name}</bdi></Table.Td>
                  <Table.Td className={classes.sample}>{c.samples.length === 0 ? "no value in the first rows" : <bdi>{c.samples.join(" · ")}</bdi>}</Table.Td>
                  <Table.Td>
                    <NativeSelect aria-label={`${c.name} goes to`} value={c.field} data={choices(found.fields, c.field)}
                      onChange={(e) => set({ mapping: { ...order.mapping, [c.name]: e.currentTarget.value } })} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
      <Group justify="space-between" mt="lg" align="end">
        <TextInput label="Country of numbers without one" description="Two letters" w={230} value={region} maxLength={2} autoComplete="off"
          onChange={(e) => set({ region: e.currentTarget.value.toUpperCase().replaceAll(/[^A-Z]/g, "") })} error={region.length === 2 ? undefined : "Two letters, such as US"} />
        <Button disabled={!found || found.problem !== null || preview.isPlaceholderData || region.length !== 2} onClick={() => go("dry-run")}>See what would happen</Button>
      </Group>
    </>
  );
}

const encodings: Record<string, string> = { "utf-8": "UTF-8", "utf-16le": "UTF-16", "utf-16be": "UTF-16", "windows-1252": "Windows-1252" };
const delimiters: Record<string, string> = { ",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars" };

function described(f: LeadsPreview): string {
  const how = f.format === "jsonl" ? "JSON lines" : `CSV with ${delimiters[f.delimiter] ?? "commas"}`;
  const rows = f.problem ? "" : ` ${plural(f.rows, "row")}.`;
  return `${how}, ${encodings[f.encoding] ?? f.encoding}, ${plural(f.columns.length, f.format === "jsonl" ? "key" : "column")}.${rows}`;
}

function Loading() {
  return (
    <div aria-busy="true" style={{ display: "grid", gap: 12 }}>
      <VisuallyHidden>Reading the file</VisuallyHidden>
      {Array.from({ length: 5 }, (_, i) => <Skeleton key={i} h={36} />)}
    </div>
  );
}
