import { Button, Group, NativeSelect, SegmentedControl, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useZone } from "../../api/me";
import { overviewQuery } from "../../api/queries";
import { useShortcuts } from "../../keys/useShortcuts";
import classes from "./Reports.module.css";
import type { ReportSearch } from "./search";

const route = getRouteApi("/reports");
const spans = [
  { value: "24h", label: "Last 24 hours", keys: "d" }, { value: "7d", label: "Last 7 days", keys: "w" }, { value: "28d", label: "Last 28 days", keys: "m" }, { value: "90d", label: "Last 90 days", keys: "q" },
  { value: "dates", label: "By dates…", keys: "" },
];
const comparisons = [{ value: "", label: "Nothing" }, { value: "before", label: "The time before" }, { value: "dates", label: "Other dates…" }];

/** Which calls the report is about; it lives in the address. */
export function Controls() {
  const s = route.useSearch();
  const go = route.useNavigate();
  const [choosing, choose] = useState(false);
  const dates = choosing || s.from !== undefined;
  const cadences = useQuery(overviewQuery).data?.by_cadence ?? [];
  const set = (next: Partial<ReportSearch>) => void go({ search: { ...s, ...next }, replace: true, resetScroll: false });
  const span = (v: string) => {
    choose(v === "dates");
    if (v !== "dates") set({ from: undefined, to: undefined, last: v === "28d" ? undefined : (v as ReportSearch["last"]) });
  };
  useShortcuts([
    ...spans.filter((x) => x.keys !== "").map((x) => ({ keys: x.keys, label: x.label, group: "This page" as const, run: () => span(x.value) })),
    { keys: "c", label: s.compare ? "Compare with nothing" : "Compare with the time before", group: "This page", run: () => set({ compare: s.compare ? undefined : "before", cfrom: undefined, cto: undefined }) },
    { keys: "t", label: s.view === "table" ? "Show charts" : "Show tables", group: "This page", run: () => set({ view: s.view === "table" ? undefined : "table" }) },
  ]);
  return (
    <div className={classes.controls}>
      <NativeSelect label="Cadence" value={s.cadence ?? ""} onChange={(e) => set({ cadence: e.currentTarget.value || undefined })}
        data={[{ value: "", label: "Every cadence" }, ...cadences.map((c) => ({ value: c.id, label: c.name }))]} />
      <NativeSelect label="Time" data={spans.map(({ value, label }) => ({ value, label }))} value={dates ? "dates" : (s.last ?? "28d")} onChange={(e) => span(e.currentTarget.value)} />
      {dates && <Dates of="report" from={s.from} to={s.to} set={(from, to) => { choose(false); set({ from, to, last: undefined }); }} />}
      <NativeSelect label="Compared with" data={comparisons} value={s.compare ?? ""} onChange={(e) => set({ compare: (e.currentTarget.value || undefined) as ReportSearch["compare"], cfrom: undefined, cto: undefined })} />
      {s.compare === "dates" && <Dates of="comparison" from={s.cfrom} to={s.cto} set={(cfrom, cto) => set({ cfrom, cto })} />}
      <SegmentedControl size="sm" aria-label="Shown as" value={s.view ?? "chart"} onChange={(v) => set({ view: v === "table" ? "table" : undefined })}
        data={[{ value: "chart", label: "Charts" }, { value: "table", label: "Tables" }]} />
    </div>
  );
}

/** Both ends of a period, taken together: half of one is no question. */
function Dates({ of, from, to, set }: { of: string; from?: string; to?: string; set: (from: string, to: string) => void }) {
  const [a, setA] = useState(from ?? "");
  const [b, setB] = useState(to ?? "");
  useEffect(() => {
    setA(from ?? "");
    setB(to ?? "");
  }, [from, to]);
  const wrong = a !== "" && b !== "" && a > b;
  const zone = useZone();
  return (
    <Group gap={8} align="flex-end" wrap="nowrap" role="group" aria-label={`Dates of the ${of}, ${zone}`}>
      <TextInput type="date" label="From" description={zone} value={a} onChange={(e) => setA(e.currentTarget.value)} />
      <TextInput type="date" label="To" description={zone} value={b} error={wrong ? "Before the first" : undefined} onChange={(e) => setB(e.currentTarget.value)} />
      <Button variant="default" disabled={a === "" || b === "" || wrong} onClick={() => set(a, b)}>Show</Button>
    </Group>
  );
}
