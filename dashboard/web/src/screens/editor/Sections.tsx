import { ActionIcon, Button, Chip, Group, Input, Stack, Text as Words, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { Schemas } from "../../api/client";
import { cadenceNamesQuery } from "../../api/queries";
import { type Path, insert, pathText, valueAt, without } from "./document";
import classes from "./Editor.module.css";
import { Choice, Count, Long, Span, Text, Yes, useDrafting, useField } from "./fields";

const purposes = [
  { value: "sales", label: "Selling (the strictest rules)" }, { value: "charity", label: "Charity" }, { value: "debt_collection", label: "Debt collection" },
  { value: "survey", label: "A survey" }, { value: "informational", label: "Information" }, { value: "nonprofit", label: "A cause" }, { value: "healthcare", label: "Healthcare" },
];
const voices = [{ value: "", label: "A person, or what the targets say" }, { value: "live", label: "A person" }, { value: "artificial", label: "A machine’s voice" }, { value: "prerecorded", label: "A recording" }];
const consents = [{ value: "", label: "Nothing in particular" }, { value: "express", label: "To be called" }, { value: "express_written", label: "In writing, to be called by machines" }, { value: "prior", label: "Opt-in, as European laws ask for" }];

export function Details() {
  return (
    <Stack>
      <Text path={["name"]} label="Name" required />
      <Long path={["description"]} label="Description" hint="For the people who work with it" />
      <Text path={["campaign"]} label="Campaign" hint="Cadences of one campaign share their pace and abandon rate; empty: this cadence alone" />
      <div className={classes.pair}>
        <Choice path={["purpose"]} label="The calls are for" options={purposes} fallback="sales" hint="The law asks" />
        <Choice path={["voice"]} label="Whoever answers hears" options={voices} />
      </div>
      <Choice path={["consent"]} label="Everybody enrolled has agreed" options={consents} hint="Publishing vouches for it; keep the proof" />
      <Text path={["seller"]} label="Seller" hint="Whose goods are offered. Where a law wants consent to the seller, only consents that name this one count; empty: the campaign’s or the house’s." />
    </Stack>
  );
}

const days = [["mon", "Mon"], ["tue", "Tue"], ["wed", "Wed"], ["thu", "Thu"], ["fri", "Fri"], ["sat", "Sat"], ["sun", "Sun"]] as const;

/** When calls may be placed. What the law forbids stays forbidden whatever stands here. */
export function Hours() {
  const { draft, set } = useDrafting();
  const path: Path = ["time_restrictions", "windows"];
  const list = (valueAt(draft.document, path) as Schemas["Window"][] | undefined) ?? [];
  return (
    <Stack>
      <Text path={["time_restrictions", "zone"]} label="Time zone" placeholder="lead" hint="Empty or lead: the called person’s own, in every zone the number may be in. Or an IANA name such as America/New_York." />
      <ul className={classes.cards} aria-label="Hours">
        {list.map((_, i) => <WindowCard key={i} path={[...path, i]} n={i + 1} remove={() => set(path, without(list, i))} />)}
      </ul>
      {list.length === 0 && <Words size="sm">Any hour the law allows.</Words>}
      <div><Button variant="default" size="compact-sm" leftSection={<IconPlus size={15} aria-hidden />} onClick={() => set(path, insert(list, list.length, { days: ["mon", "tue", "wed", "thu", "fri"], from: "09:00", to: "17:00" }))}>Add hours</Button></div>
      <Yes path={["time_restrictions", "holidays"]} label="Not on public holidays" />
    </Stack>
  );
}

function WindowCard({ path, n, remove }: { path: Path; n: number; remove: () => void }) {
  const d = useField<string[]>([...path, "days"]);
  const all = useField(path);
  return (
    <li className={classes.card}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Input.Wrapper label="Days" labelElement="div" error={d.error}>
          <Chip.Group multiple value={d.value ?? []} onChange={(v) => d.set(days.map(([k]) => k).filter((k) => v.includes(k)))}>
            <Group gap={6} mt={4} role="group" aria-label={`Days ${n}`}>{days.map(([k, label]) => <Chip key={k} value={k} size="xs" variant="outline">{label}</Chip>)}</Group>
          </Chip.Group>
          <Words size="xs" c="dimmed" mt={4}>{d.value?.length ? "" : "None chosen: every day"}</Words>
        </Input.Wrapper>
        <ActionIcon variant="subtle" color="gray" className={classes.quiet} aria-label={`Remove hours ${n}`} onClick={remove}><IconTrash size={17} aria-hidden /></ActionIcon>
      </Group>
      <div className={classes.pair}>
        <Clock path={[...path, "from"]} label="From" />
        <Clock path={[...path, "to"]} label="To, not included" />
      </div>
      {all.error && <Words size="xs" c="var(--app-bad)">{all.error}</Words>}
    </li>
  );
}

/** A local time of the day; 24:00 is its end, which no browser's clock field takes. */
function Clock({ path, label }: { path: Path; label: string }) {
  const f = useField<string>(path);
  return <TextInput label={label} value={f.value ?? ""} error={f.error ? true : undefined} placeholder="09:00" inputMode="numeric" data-path={pathText(path)} onChange={(e) => f.set(e.currentTarget.value)} />;
}

const thens = [{ value: "idle", label: "Nothing more happens" }, { value: "restart", label: "Start again from the first step" }, { value: "transition", label: "Move to another cadence" }, { value: "reenroll", label: "Enroll again in this one" }];

export function Runs() {
  const { draft } = useDrafting();
  const { max, then } = draft.document.runs;
  const names = (useQuery({ ...cadenceNamesQuery, enabled: then === "transition" }).data ?? []).filter((c) => c.status !== "archived");
  return (
    <Stack>
      <div className={classes.pair}>
        <Count path={["runs", "max"]} label="Runs" min={1} max={1000} hint="How often a lead passes through the steps" />
        {max > 1 && <Span path={["runs", "gap"]} label="Pause between runs" required />}
      </div>
      <div className={classes.pair}>
        <Choice path={["runs", "then"]} label="After all runs" options={thens} fallback="idle" />
        {then === "transition" && <Choice path={["runs", "transition_to"]} label="Cadence" options={[{ value: "", label: "Choose a cadence" }, ...names.map((c) => ({ value: c.name, label: c.name }))]} />}
      </div>
      <Text path={["re_entry"]} label="Entering again" placeholder="never" hint="Whether somebody who left may enter again: never, always, or after 30d" />
      <Exits />
    </Stack>
  );
}

/** What ends a stay early. */
function Exits() {
  const { draft, set } = useDrafting();
  const list = draft.document.exit_when ?? [];
  const path: Path = ["exit_when"];
  return (
    <Input.Wrapper label="A lead leaves when" labelElement="div" description="A signal your other systems send, or a condition over the lead">
      <ul className={classes.cards} style={{ marginTop: 6 }} aria-label="Exits">
        {list.map((e, i) => {
          const kind = e.if !== undefined ? "if" : "signal";
          return (
            <li key={i}>
              <Group gap={6} wrap="nowrap" align="flex-end">
                <div style={{ flex: 1 }}><Text path={[...path, i, kind]} label={kind === "if" ? "Condition" : "Signal"} placeholder={kind === "if" ? 'lead.status == "customer"' : "meeting_booked"} mono /></div>
                <ActionIcon variant="subtle" color="gray" className={classes.quiet} mb={4} aria-label={`Remove exit ${i + 1}`} onClick={() => set(path, without(list, i))}><IconTrash size={17} aria-hidden /></ActionIcon>
              </Group>
            </li>
          );
        })}
      </ul>
      <Group gap="xs" mt={8}>
        <Button variant="default" size="compact-sm" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => set(path, [...list, { signal: "" }])}>Signal</Button>
        <Button variant="default" size="compact-sm" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => set(path, [...list, { if: "" }])}>Condition</Button>
      </Group>
    </Input.Wrapper>
  );
}
