import { ActionIcon, Button, Group, Input, NativeSelect, NumberInput, Stack, Text as Words } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useId } from "react";
import type { Schemas } from "../../api/client";
import { type Path, insert, pathText, valueAt, without } from "./document";
import classes from "./Editor.module.css";
import { Count, useDrafting, useField } from "./fields";

type Cap = NonNullable<NonNullable<Schemas["CadenceDocument"]["caps"]>["lead"]>[number];

/** Server's limit of caps per lead. */
const most = 5;

/** How often the cadence may call. The caps of the law and of the house hold whatever stands here. */
export function Caps() {
  const { draft, set } = useDrafting();
  const path: Path = ["caps", "lead"];
  const list = (valueAt(draft.document, path) as Cap[] | undefined) ?? [];
  const all = useField(path);
  return (
    <Stack>
      <Input.Wrapper label="Calls to one lead" labelElement="div" description="At all of the lead’s numbers together, whatever cadence they were made for" error={all.error}>
        <ul className={classes.cards} style={{ marginTop: 6 }} aria-label="Caps per lead">
          {list.map((_, i) => <CapRow key={i} path={[...path, i]} n={i + 1} remove={() => set(path, list.length > 1 ? without(list, i) : undefined)} />)}
        </ul>
        {list.length === 0 && <Words size="sm" mt={6}>As many as law and house allow.</Words>}
        {list.length < most && <Button mt={8} variant="default" size="compact-sm" leftSection={<IconPlus size={15} aria-hidden />} onClick={() => set(path, insert(list, list.length, { max: 1, per: "day" }))}>Add a cap</Button>}
      </Input.Wrapper>
      <Count path={["caps", "daily"]} label="Calls of the cadence a day" min={1} max={10_000_000} optional hint="To all leads together, in the house’s day; empty: no limit. What is over waits for the next day." />
    </Stack>
  );
}

const units = [{ value: "day", label: "day where the lead is" }, { value: "h", label: "hours, rolling" }, { value: "d", label: "days of 24 hours, rolling" }];

function CapRow({ path, n, remove }: { path: Path; n: number; remove: () => void }) {
  const all = useField<Cap>(path);
  const calls = useField<number>([...path, "max"]);
  const per = useField<string>([...path, "per"]);
  const id = useId();
  const m = /^(\d*)(h|d)$/.exec(per.value ?? "");
  const unit = m?.[2] ?? "day";
  const error = all.error ?? calls.error ?? per.error;
  return (
    <li className={classes.card}>
      <Group gap={8} align="flex-end" wrap="wrap">
        <NumberInput label={`Cap ${n}: at most`} w={104} min={1} max={1000} allowDecimal={false} value={calls.value ?? ""} error={calls.error !== undefined} data-path={pathText([...path, "max"])} onChange={(v) => typeof v === "number" && calls.set(v)} />
        <Words size="sm" pb={8}>calls in</Words>
        {m && <NumberInput aria-label={`Cap ${n}: how many`} id={id} w={84} min={1} max={744} allowDecimal={false} value={m[1] === "" ? "" : Number(m[1])} error={per.error !== undefined} onChange={(v) => per.set(`${v}${unit}`)} />}
        <NativeSelect aria-label={`Cap ${n}: unit`} data={units} value={unit} data-path={pathText([...path, "per"])} onChange={(e) => per.set(e.currentTarget.value === "day" ? "day" : `${m?.[1] || (e.currentTarget.value === "h" ? 24 : 7)}${e.currentTarget.value}`)} />
        <ActionIcon variant="subtle" color="gray" className={classes.quiet} mb={4} aria-label={`Remove cap ${n}`} onClick={remove}><IconTrash size={17} aria-hidden /></ActionIcon>
      </Group>
      {(error ?? all.warning) && <Words size="xs" mt={4} c={error ? "var(--app-bad)" : "var(--app-warn)"}>{error ?? all.warning}</Words>}
    </li>
  );
}
