import { Button, Group, NativeSelect, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { type List, useListChange } from "../../api/lists";
import { Dialog } from "../../components/Dialog";

const named: Record<number, string> = { 9: "Before all others", 5: "High priority", 0: "Normal priority", [-5]: "Low priority", [-9]: "After all others" };

/** A priority in words; one that was set elsewhere keeps its number. */
export const priorityName = (p: number): string => named[p] ?? `Priority ${p}`;

/** The limit that somebody typed: 0 for none, undefined for what is no limit. */
export function limitOf(text: string): number | undefined {
  const tidy = text.replace(/[\s,.]/g, "");
  if (tidy === "") return 0;
  return /^[1-9]\d{0,8}$/.test(tidy) ? Number(tidy) : undefined;
}

/** How a list's leads are called: in which order, and how many new ones a day. */
export function SettingsDialog({ list, close }: { list: List; close: () => void }) {
  const [priority, setPriority] = useState(list.priority);
  const [text, setText] = useState(list.release_per_day === 0 ? "" : String(list.release_per_day));
  const change = useListChange();
  const limit = limitOf(text);
  const save = () => limit !== undefined && change.mutate({ list, change: { priority, release_per_day: limit } }, { onSuccess: close });
  const levels = [...new Set([9, 5, 0, -5, -9, priority])].sort((a, b) => b - a);
  return (
    <Dialog onClose={close} title={`How “${list.name}” is called`} centered>
      <form onSubmit={(e) => { e.preventDefault(); save(); }}>
        <Stack>
          <NativeSelect label="Priority" description="Among the leads of a campaign, those of a higher list are called first for as long as any is due. Callbacks go before all." value={String(priority)}
            onChange={(e) => setPriority(Number(e.currentTarget.value))} data={levels.map((p) => ({ value: String(p), label: priorityName(p) }))} data-autofocus />
          <TextInput label="New leads a day" description="How many leads are called for the first time on one day. Further attempts do not count. Empty: no limit." value={text} inputMode="numeric" autoComplete="off"
            onChange={(e) => setText(e.currentTarget.value)} error={limit === undefined ? "A whole number up to 999,999,999, or nothing" : undefined} />
          <Group justify="flex-end"><Button variant="default" onClick={close}>Cancel</Button><Button type="submit" disabled={limit === undefined} loading={change.isPending}>Save</Button></Group>
        </Stack>
      </form>
    </Dialog>
  );
}
