import { Anchor, Button, Group, Skeleton, Text, Title, VisuallyHidden } from "@mantine/core";
import { useDisclosure, useMediaQuery } from "@mantine/hooks";
import { IconListDetails, IconSearchOff, IconUpload } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { Suspense, lazy } from "react";
import { cadencesQuery } from "../../api/queries";
import { EmptyState, ErrorState, StaleAlert } from "../../components/States";
import { plural } from "../../lib/format";
import { useTitle } from "../../lib/useTitle";
import { CadenceCards } from "./CadenceCards";
import { CadenceTable } from "./CadenceTable";
import { CreateButton } from "./CreateButton";
import { Filters } from "./Filters";

const ImportDialog = lazy(() => import("./ImportDialog"));
const route = getRouteApi("/cadences");

/** Every cadence with its figures and what can be done with it. */
export default function Cadences() {
  useTitle("Cadences");
  const filter = route.useSearch();
  const list = useInfiniteQuery({ ...cadencesQuery(filter), placeholderData: keepPreviousData });
  const narrow = useMediaQuery("(max-width: 48em)", undefined, { getInitialValueInEffect: false });
  const [importing, dialog] = useDisclosure();
  const items = list.data?.pages.flatMap((p) => p.items) ?? [];
  const now = list.data?.pages[0]?.as_of ?? "";
  const filtered = Boolean(filter.status || filter.type || filter.audience || filter.channel || filter.q);

  return (
    <>
      <Group justify="space-between" mb="md" gap="sm">
        <Title order={1}>Cadences</Title>
        <Group gap="sm">
          <Button variant="default" leftSection={<IconUpload size={16} aria-hidden />} onClick={dialog.open}>Import</Button>
          <CreateButton />
        </Group>
      </Group>
      <Filters />
      {list.error && list.data && <StaleAlert error={list.error} since={list.dataUpdatedAt} retry={() => void list.refetch()} />}
      <section className="card" aria-label="Cadences" aria-busy={list.isPlaceholderData} style={{ opacity: list.isPlaceholderData ? 0.65 : 1 }}>
        {!list.data ? (
          list.error ? <ErrorState what="the cadences" error={list.error} retry={() => void list.refetch()} /> : <Loading />
        ) : items.length === 0 ? (
          filtered ? <NoMatch /> : <Nothing open={dialog.open} />
        ) : (
          <>
            {narrow ? <CadenceCards items={items} now={now} /> : <CadenceTable items={items} now={now} />}
            <More shown={items.length} more={list.hasNextPage} busy={list.isFetchingNextPage} load={() => void list.fetchNextPage()} />
          </>
        )}
      </section>
      <Suspense fallback={null}>{importing && <ImportDialog close={dialog.close} />}</Suspense>
    </>
  );
}

function More({ shown, more, busy, load }: { shown: number; more: boolean; busy: boolean; load: () => void }) {
  return (
    <Group px="md" py="sm" justify="space-between" style={{ borderTop: "1px solid var(--app-line)" }}>
      <Text size="sm" c="dimmed" role="status">{more ? `The first ${plural(shown, "cadence")}` : plural(shown, "cadence")}</Text>
      {more && <Button size="compact-md" variant="default" loading={busy} onClick={load}>Show more</Button>}
    </Group>
  );
}

function Nothing({ open }: { open: () => void }) {
  return (
    <EmptyState icon={IconListDetails} title="No cadence yet" action={<Group gap="sm"><CreateButton /><Button variant="default" leftSection={<IconUpload size={16} aria-hidden />} onClick={open}>Import a cadence</Button></Group>}>
      A cadence says which call follows which: its steps, the hours in which it may call, and what follows each outcome.
      Create one here, <Anchor component={Link} to="/templates">begin with a template</Anchor>, or import a document.
    </EmptyState>
  );
}

function NoMatch() {
  const go = route.useNavigate();
  return (
    <EmptyState icon={IconSearchOff} title="No cadence matches" action={<Button variant="default" onClick={() => void go({ search: {} })}>Clear the filters</Button>}>
      There are cadences, but none with this status, type and text together.
    </EmptyState>
  );
}

function Loading() {
  return (
    <div style={{ padding: 16, display: "grid", gap: 14 }} aria-busy>
      <VisuallyHidden>Loading the cadences</VisuallyHidden>
      {Array.from({ length: 6 }, (_, i) => <Skeleton key={i} h={34} />)}
    </div>
  );
}
