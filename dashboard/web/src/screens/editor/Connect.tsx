import { ActionIcon, Button, Group, NativeSelect, Stack, Text as Words } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from "@tabler/icons-react";
import type { Schemas } from "../../api/client";
import { Audio } from "./Audio";
import { type Path, insert, moved, pathText, valueAt, without } from "./document";
import classes from "./Editor.module.css";
import { Long, Span, Text, useDrafting, useField } from "./fields";
import { Pairs } from "./Pairs";

type Target = Schemas["Connect"];

const kinds = [
  { value: "number", label: "A telephone number" },
  { value: "sip", label: "A SIP address" },
  { value: "message", label: "A message is played" },
];

/** Where an answered call goes: tried from the first to the last. */
export function Connect({ path, children }: { path: Path; children: React.ReactNode }) {
  const { draft, set } = useDrafting();
  const list = (valueAt(draft.document, path) as Target[] | undefined) ?? [];
  const whole = useField(path);
  return (
    <Stack gap="sm">
      <Words size="sm" c="dimmed">{children}</Words>
      <ol className={classes.cards} aria-label="Targets">
        {list.map((t, i) => (
          <li key={i} className={classes.card} data-path={pathText([...path, i])}>
            <Group justify="space-between" wrap="nowrap" align="flex-end">
              <NativeSelect label={i === 0 ? "Answered calls go to" : "If that one is not reached, to"} style={{ flex: 1 }} value={t.to} onChange={(e) => set([...path, i], { to: e.currentTarget.value, ring_timeout: t.ring_timeout })}
                data={kinds.some((k) => k.value === t.to) ? kinds : [...kinds, { value: t.to, label: t.to }]} />
              <Group gap={2} wrap="nowrap" className={classes.quiet}>
                <ActionIcon variant="subtle" color="gray" aria-label={`Try target ${i + 1} earlier`} disabled={i === 0} onClick={() => set(path, moved(list, i, i - 1))}><IconArrowUp size={17} aria-hidden /></ActionIcon>
                <ActionIcon variant="subtle" color="gray" aria-label={`Try target ${i + 1} later`} disabled={i === list.length - 1} onClick={() => set(path, moved(list, i, i + 1))}><IconArrowDown size={17} aria-hidden /></ActionIcon>
                <ActionIcon variant="subtle" color="gray" aria-label={`Remove target ${i + 1}`} onClick={() => set(path, without(list, i))}><IconTrash size={17} aria-hidden /></ActionIcon>
              </Group>
            </Group>
            <Fields path={[...path, i]} to={t.to} />
          </li>
        ))}
      </ol>
      {list.length === 0 && whole.error && <Words size="sm" c="var(--app-bad)" role="status">{whole.error}</Words>}
      <div>
        <Button variant="default" size="compact-sm" leftSection={<IconPlus size={15} aria-hidden />} onClick={() => set(path, insert(list, list.length, { to: "number" }))}>Add a target</Button>
      </div>
    </Stack>
  );
}

function Fields({ path, to }: { path: Path; to: string }) {
  if (to === "message") {
    return (
      <>
        <Long path={[...path, "text"]} label="Spoken text" hint="Fields such as {{ lead.first_name }} are filled in. Leave it empty to play a recording." />
        <Audio path={[...path, "audio"]} label="or a recording" />
        <Pairs path={[...path, "gather"]} label="Keys the person may press" name="Key" value="Outcome" codes />
      </>
    );
  }
  return (
    <div className={classes.pair}>
      {to === "number" && <Text path={[...path, "number"]} label="Number" placeholder="+13035550100" hint="With country code" required />}
      {to === "sip" && <Text path={[...path, "sip"]} label="SIP address" placeholder="sip:desk@pbx.example.com" required mono />}
      <Span path={[...path, "ring_timeout"]} label="Ring for" seconds hint="Then the next target is tried" />
      <Span path={[...path, "disposition_wait"]} label="Wait for an outcome" hint="How long one may be posted after the call" />
    </div>
  );
}
