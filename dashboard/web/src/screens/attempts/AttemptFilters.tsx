import { ActionIcon, Button, Group, NativeSelect, Text, TextInput } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useZone } from "../../api/me";
import { type AttemptFilter, type AttemptState, dispositionsQuery } from "../../api/attempts";
import { overviewQuery } from "../../api/queries";
import { instant, period } from "../../lib/time";
import classes from "./Attempts.module.css";
import { cadenceWords, countNames, hourWords, isDate, isFiltered, stateNames } from "./search";

const route = getRouteApi("/attempts");
const any = { value: "", label: "Any" };
const states = [any, ...Object.entries(stateNames).map(([value, label]) => ({ value, label }))];

/** Which calls the list shows; it lives in the address. */
export function AttemptFilters() {
  const f = route.useSearch();
  const go = route.useNavigate();
  const set = (next: Partial<AttemptFilter>) => void go({ search: (old) => ({ ...old, ...next }) });
  // A day takes the place of a period that a figure was counted over: half of one and half of the other is neither.
  const days = (next: Pick<AttemptFilter, "from" | "to">) => set({ ...(isDate(f.from ?? f.to) ? {} : { from: undefined, to: undefined }), ...next });
  const cadences = useQuery(overviewQuery).data?.by_cadence ?? [];
  const zone = useZone();
  const codes = useQuery(dispositionsQuery).data?.items ?? [];
  return (
    <>
      <div className={classes.filters}>
        <NativeSelect label="Cadence" value={f.cadence ?? ""} onChange={(e) => set({ cadence: e.currentTarget.value || undefined })}
          data={[any, ...cadences.map((c) => ({ value: c.id, label: c.name }))]} />
        <NativeSelect label="Disposition" value={f.disposition ?? ""} onChange={(e) => set({ disposition: e.currentTarget.value || undefined })}
          data={[any, ...codes.map((d) => ({ value: d.code, label: d.label }))]} />
        <NativeSelect label="State" data={states} value={f.state ?? ""} onChange={(e) => set({ state: (e.currentTarget.value || undefined) as AttemptState | undefined })} />
        <CallerField value={f.caller_id} set={(caller_id) => set({ caller_id })} />
        <TextInput type="date" label="From" value={isDate(f.from) ? f.from : ""} max={isDate(f.to) ? f.to : undefined} onChange={(e) => days({ from: e.currentTarget.value || undefined })} />
        <TextInput type="date" label="To" value={isDate(f.to) ? f.to : ""} min={isDate(f.from) ? f.from : undefined} onChange={(e) => days({ to: e.currentTarget.value || undefined })} />
      </div>
      {isFiltered(f) && (
        <Group gap="sm" mb="md">
          {f.lead && <Chip text="Calls of one lead" drop="Show the calls of every lead" onDrop={() => set({ lead: undefined })} />}
          {(f.type || f.cadence_status) && <Chip text={cadenceWords(f)} drop="Show the calls of every cadence" onDrop={() => set({ type: undefined, cadence_status: undefined })} />}
          {f.campaign && <Chip text={`Campaign ${f.campaign}`} drop="Show every campaign" onDrop={() => set({ campaign: undefined })} />}
          {f.counts && <Chip text={countNames[f.counts]} drop="Show what counts in other figures too" onDrop={() => set({ counts: undefined })} />}
          {f.step && <Chip text={`Step ${f.step}${f.run ? `, run ${f.run}` : ""}`} drop="Show every step" onDrop={() => set({ step: undefined, run: undefined })} />}
          {f.weekday !== undefined && f.hour !== undefined && <Chip text={hourWords(f.weekday, f.hour)} drop="Show every hour" onDrop={() => set({ weekday: undefined, hour: undefined })} />}
          {f.from && !isDate(f.from) && <Chip text={f.to ? period({ from: f.from, to: f.to }, zone) : `Since ${instant(f.from, zone)}`} drop="Show every day" onDrop={() => set({ from: undefined, to: undefined })} />}
          <Button size="compact-sm" variant="default" onClick={() => void go({ search: {} })}>Clear the filters</Button>
          {(isDate(f.from) || isDate(f.to)) && <Text size="sm" c="dimmed">Days of {zone}</Text>}
        </Group>
      )}
    </>
  );
}

/** A filter that has no field of its own, and the way to be rid of it. */
function Chip({ text, drop, onDrop }: { text: string; drop: string; onDrop: () => void }) {
  return (
    <span className={classes.chip}>
      {text}
      <ActionIcon size={24} variant="default" aria-label={drop} onClick={onDrop}><IconX size={14} aria-hidden /></ActionIcon>
    </span>
  );
}

/** A caller ID to look for; it is taken when it is whole, so that half a number finds nothing in between. */
function CallerField({ value, set }: { value?: string; set: (v?: string) => void }) {
  const [text, setText] = useState(value ?? "");
  useEffect(() => setText(value ?? ""), [value]);
  const tidy = text.replace(/[^+\d]/g, "");
  const whole = /^\+[1-9]\d{6,14}$/.test(tidy);
  const take = () => {
    if (text.trim() === "") set(undefined);
    else if (whole) set(tidy);
  };
  return (
    <TextInput label="Caller ID" placeholder="+13035550100" inputMode="tel" value={text} error={text.trim() !== "" && !whole && text.length > 8 ? "With + and country code" : undefined}
      onChange={(e) => setText(e.currentTarget.value)} onBlur={take} onKeyDown={(e) => e.key === "Enter" && take()} />
  );
}
