import { Button, Group, Skeleton, Text, Title, VisuallyHidden } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconBell, IconUpload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Suspense, lazy } from "react";
import type { Overview as Figures } from "../../api/client";
import { overviewQuery } from "../../api/queries";
import { EmptyState, ErrorState, StaleAlert } from "../../components/States";
import { useTitle } from "../../lib/useTitle";
import { Cards } from "./Cards";
import { LiveStrip } from "./LiveStrip";
import { Performance } from "./Performance";

const ImportDialog = lazy(() => import("../cadences/ImportDialog"));

/** The first page: how the dialing goes, now and so far. */
export default function Overview() {
  useTitle("Overview");
  const { data, error, refetch, dataUpdatedAt } = useQuery(overviewQuery);
  return (
    <>
      <Group justify="space-between" mb="md" gap="xs">
        <Title order={1}>Overview</Title>
        <Text size="sm" c="dimmed">All time</Text>
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

function Board({ figures }: { figures: Figures }) {
  return (
    <>
      <Cards figures={figures} />
      <LiveStrip first={figures} />
      <Performance figures={figures.by_cadence} />
    </>
  );
}

function Nothing() {
  const [open, dialog] = useDisclosure();
  return (
    <section className="card">
      <EmptyState icon={IconBell} title="No cadence yet"
        action={<Button leftSection={<IconUpload size={16} aria-hidden />} onClick={dialog.open}>Import a cadence</Button>}>
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
      <Skeleton h={116} mb="md" />
      <Skeleton h={92} mb="md" />
      <Skeleton h={300} />
    </div>
  );
}
