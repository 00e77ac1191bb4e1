import { ActionIcon, Button, Group, NativeSelect, Text, TextInput } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { type AttemptFilter, type AttemptState, dispositionsQuery, ownZone } from "../../api/attempts";
import { overviewQuery } from "../../api/queries";
import classes from "./Attempts.module.css";
import { isFiltered, stateNames } from "./search";

const route = getRouteApi("/attempts");
const any = { value: "", label: "Any" };
const states = [any, ...Object.entries(stateNames).map(([value, label]) => ({ value, label }))];

/** Which calls the list shows; it lives in the address. */
export function AttemptFilters() {
  const f = route.useSearch();
  const go = route.useNavigate();
  const set = (next: Partial<AttemptFilter>) => void go({ search: (old) => ({ ...old, ...next }) });
  const cadences = useQuery(overviewQuery).data?.by_cadence ?? [];
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
        <TextInput type="date" label="From" value={f.from ?? ""} max={f.to} onChange={(e) => set({ from: e.currentTarget.value || undefined })} />
        <TextInput type="date" label="To" value={f.to ?? ""} min={f.from} onChange={(e) => set({ to: e.currentTarget.value || undefined })} />
      </div>
      {isFiltered(f) && (
        <Group gap="sm" mb="md">
          {f.lead && (
            <span className={classes.chip}>
              Calls of one lead
              <ActionIcon size={24} variant="default" aria-label="Show the calls of every lead" onClick={() => set({ lead: undefined })}><IconX size={14} aria-hidden /></ActionIcon>
            </span>
          )}
          <Button size="compact-sm" variant="default" onClick={() => void go({ search: {} })}>Clear the filters</Button>
          {(f.from || f.to) && <Text size="sm" c="dimmed">Days of {ownZone()}</Text>}
        </Group>
      )}
    </>
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
