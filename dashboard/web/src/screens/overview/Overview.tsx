import { Button, Group, SegmentedControl, Skeleton, Text, Title, VisuallyHidden } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconBell, IconUpload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { Suspense, lazy, memo, useCallback, useState } from "react";
import type { Overview as Figures } from "../../api/client";
import { useMay } from "../../api/me";
import { periodQuery } from "../../api/queries";
import { EmptyState, ErrorState, StaleAlert } from "../../components/States";
import { KeyCap } from "../../keys/KeyCap";
import { useShortcuts } from "../../keys/useShortcuts";
import { period } from "../../lib/time";
import { useTitle } from "../../lib/useTitle";
import { Advice } from "./Advice";
import { Cards } from "./Cards";
import classes from "./Figures.module.css";
import { LiveStrip } from "./LiveStrip";
import { Performance } from "./Performance";

const ImportDialog = lazy(() => import("../cadences/ImportDialog"));

const route = getRouteApi("/");
const periods = [{ value: "24h", label: "24 hours", keys: "d" }, { value: "7d", label: "7 days", keys: "w" }, { value: "28d", label: "28 days", keys: "m" }, { value: "all", label: "All time", keys: "y" }];

/** The first page: how the dialing goes, now and so far. */
export default function Overview() {
  useTitle("Overview");
  const search = route.useSearch();
  const go = route.useNavigate();
  const last = search.period ?? "7d";
  const { data, error, refetch, dataUpdatedAt } = useQuery(periodQuery(last));
  const show = useCallback((v: string) => void go({ search: (old) => ({ ...old, period: v === "7d" ? undefined : (v as "24h" | "28d" | "all") }), replace: true, resetScroll: false }), [go]);
  useShortcuts(periods.map((p) => ({ keys: p.keys, label: `Figures of: ${p.label}`, group: "This page", run: () => show(p.value) })));
  return (
    <>
      <Group justify="space-between" mb="md" gap="xs">
        <Title order={1}>Overview</Title>
        <Group gap="sm">
          {data?.period && <Text size="sm" c="dimmed" className="num">{period(data.period)}</Text>}
          <Periods last={last} show={show} />
        </Group>
      </Group>
      {error && data && <StaleAlert error={error} since={dataUpdatedAt} retry={() => void refetch()} />}
      {data ? (
        data.by_cadence.length === 0 ? <Nothing /> : <Board figures={data} />
      ) : error ? (
        <section className="card"><ErrorState what="the overview" error={error} retry={() => void refetch()} /></section>
      ) : (
        <Loading />
      )}
    </>
  );
}

const Periods = memo(function Periods({ last, show }: { last: string; show: (v: string) => void }) {
  return <SegmentedControl size="sm" aria-label="Period" data={periods.map(({ value, label, keys }) => ({ value, label: <>{label} <KeyCap of={keys} /></> }))} value={last} onChange={show} />;
});

function Board({ figures }: { figures: Figures }) {
  const [first] = useState(figures); // what moves afterwards comes with the stream
  return (
    <>
      <Cards figures={figures} />
      <LiveStrip first={first} />
      <Performance figures={figures.by_cadence} period={figures.period} />
      <Advice />
    </>
  );
}

function Nothing() {
  const [open, dialog] = useDisclosure();
  const may = useMay()("cadences.manage");
  return (
    <section className="card">
      <EmptyState icon={IconBell} title="No cadence yet" action={may && (
        <Group gap="sm">
          <Button renderRoot={(p) => <Link to="/templates" {...p} />}>Begin with a template</Button>
          <Button variant="default" leftSection={<IconUpload size={16} aria-hidden />} onClick={dialog.open}>Import a cadence</Button>
        </Group>
      )}>
        A cadence says which calls a lead gets, when, from which number, and what follows each outcome. Once one is active
        and leads are enrolled, this page shows how far they got: calls completed, people reached, and conversions.
      </EmptyState>
      <Suspense fallback={null}>{open && <ImportDialog close={dialog.close} />}</Suspense>
    </section>
  );
}

function Loading() {
  return (
    <div aria-busy="true">
      <VisuallyHidden>Loading the overview</VisuallyHidden>
      <section className={`card ${classes.cards}`}>
        {Array.from({ length: 5 }, (_, i) => (
          <div key={i} className={classes.figure}>
            <Skeleton h={14} w="60%" mt={6} mb={14} />
            <Skeleton h={26} w="40%" mb={10} />
            <Skeleton h={12} w="75%" />
          </div>
        ))}
      </section>
      <section className="card" style={{ padding: 18 }}>
        {Array.from({ length: 6 }, (_, i) => <Skeleton key={i} h={18} my={14} w={`${90 - i * 9}%`} />)}
      </section>
    </div>
  );
}
