import { ActionIcon, Button, Group, Input, NativeSelect, Stack, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { dispositionsQuery } from "../../api/attempts";
import { type Path, pathText } from "./document";
import { useField } from "./fields";

interface Props {
  path: Path;
  label: string;
  hint?: string;
  name: string;
  value: string;
  /** Values are outcomes. */
  codes?: boolean;
}

const named = (rows: readonly [string, string][]): Record<string, string> => Object.fromEntries(rows.filter(([k]) => k !== ""));

const alike = (a: Record<string, string>, b: Record<string, string>): boolean => {
  const [x, y] = [Object.entries(a), Object.entries(b)];
  return x.length === y.length && x.every(([k, v]) => b[k] === v);
};

/** Names and values, such as variables, or keys and what they mean. A row without a name is not stored yet. */
export function Pairs({ path, label, hint, name, value, codes }: Props) {
  const f = useField<Record<string, string>>(path);
  const [rows, setRows] = useState<[string, string][]>(() => Object.entries(f.value ?? {}));
  // The document was changed elsewhere: targets moved, a version was loaded.
  const stored = Object.entries(f.value ?? {});
  if (!alike(named(rows), named(stored))) setRows(stored);
  const known = useQuery({ ...dispositionsQuery, enabled: codes ?? false }).data?.items ?? [];
  const change = (next: [string, string][]) => {
    setRows(next);
    f.set(named(next));
  };
  const at = (i: number, k: string, v: string) => change(rows.map((r, j) => (j === i ? [k, v] : r)));
  return (
    <Input.Wrapper label={label} description={hint} error={f.error} labelElement="div">
      <Stack gap={6} mt={4} data-path={pathText(path)}>
        {rows.map(([k, v], i) => (
          <Group key={i} gap={6} wrap="nowrap">
            <TextInput aria-label={`${label}: ${name} ${i + 1}`} placeholder={name} value={k} w={110} onChange={(e) => at(i, e.currentTarget.value, v)} />
            {codes ? (
              <NativeSelect aria-label={`${label}: ${value} ${i + 1}`} style={{ flex: 1 }} value={v} onChange={(e) => at(i, k, e.currentTarget.value)}
                data={[...known.map((d) => ({ value: d.code, label: d.label })), ...(known.some((d) => d.code === v) ? [] : [{ value: v, label: v || "Choose" }])]} />
            ) : (
              <TextInput aria-label={`${label}: ${value} ${i + 1}`} placeholder={value} value={v} style={{ flex: 1 }} onChange={(e) => at(i, k, e.currentTarget.value)} />
            )}
            <ActionIcon variant="subtle" color="gray" style={{ color: "var(--mantine-color-dimmed)" }} aria-label={`Remove ${name} ${k || i + 1}`} onClick={() => change(rows.filter((_, j) => j !== i))}><IconTrash size={17} aria-hidden /></ActionIcon>
          </Group>
        ))}
        <div><Button variant="default" size="compact-sm" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => setRows([...rows, ["", codes ? "INTERESTED" : ""]])}>Add</Button></div>
      </Stack>
    </Input.Wrapper>
  );
}
