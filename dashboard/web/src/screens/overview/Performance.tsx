import { Group, SegmentedControl, Text, Title } from "@mantine/core";
import { IconChartBar, IconTable } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { memo } from "react";
import type { AttemptFilter } from "../../api/attempts";
import type { AnswerType, Overview } from "../../api/client";
import { RateChart } from "../../charts/RateChart";
import { type CadenceFigures, byType, statusNames } from "../../lib/figures";
import { PerformanceTable } from "./PerformanceTable";

const route = getRouteApi("/");
const views = [{ value: "", label: "All" }, ...(["active", "inactive", "draft", "archived"] as const).map((value) => ({ value, label: statusNames[value] }))];

/** How the cadences perform by who takes the answer. A type opens to its cadences; the same rows stand in a table. */
export function Performance({ figures, period }: { figures: readonly CadenceFigures[]; period: Overview["period"] }) {
  const search = route.useSearch();
  const go = route.useNavigate();
  const open = search.open ?? [];
  const toggle = (type: AnswerType) => void go({ search: { ...search, open: open.includes(type) ? open.filter((t) => t !== type) : [...open, type] }, replace: true, resetScroll: false });
  const groups = byType(figures, search.status);
  const of: AttemptFilter = { ...period, cadence_status: search.status };
  return (
    <section className="card" aria-labelledby="performance">
      <Group p="md" pb="xs" justify="space-between" gap="sm">
        <div>
          <Title order={2} id="performance">Performance by type</Title>
          <Text size="sm" c="dimmed">Who takes the answered call. Open a type to compare its cadences, a bar to see its calls.</Text>
        </div>
        <Choices />
      </Group>
      {groups.length === 0 ? (
        <Text c="dimmed" p="xl" ta="center">
          No {search.status ? `${statusNames[search.status].toLowerCase()} cadence` : "cadence"}. Choose All to see the others.
        </Text>
      ) : search.view === "table" ? (
        <PerformanceTable groups={groups} of={of} />
      ) : (
        <RateChart groups={groups} open={open} toggle={toggle} of={of} />
      )}
    </section>
  );
}

/** Which cadences are shown, and how; it lives in the address. */
const Choices = memo(function Choices() {
  const search = route.useSearch();
  const go = route.useNavigate();
  const set = (next: Partial<typeof search>) => void go({ search: { ...search, ...next }, replace: true, resetScroll: false });
  return (
    <Group gap="sm">
      <SegmentedControl size="sm" aria-label="Cadences shown" data={views} value={search.status ?? ""}
        onChange={(v) => set({ status: v === "" ? undefined : (v as typeof search.status) })} />
      <SegmentedControl size="sm" aria-label="Shown as" value={search.view ?? "chart"} onChange={(v) => set({ view: v === "table" ? "table" : undefined })}
        data={[
          { value: "chart", label: <ViewLabel icon={IconChartBar} text="Chart" /> },
          { value: "table", label: <ViewLabel icon={IconTable} text="Table" /> },
        ]} />
    </Group>
  );
});

function ViewLabel({ icon: Symbol, text }: { icon: typeof IconTable; text: string }) {
  return (
    <span style={{ display: "inline-flex", gap: 6, alignItems: "center" }}>
      <Symbol size={15} aria-hidden />{text}
    </span>
  );
}
