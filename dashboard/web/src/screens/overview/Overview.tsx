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
import classes from "./Figures.module.css";
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
