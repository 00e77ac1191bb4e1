import { Anchor, Button, Group, Skeleton, Text, Title, VisuallyHidden } from "@mantine/core";
import { useDisclosure, useMediaQuery } from "@mantine/hooks";
import { IconListDetails, IconSearchOff, IconUpload } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { Suspense, lazy, useCallback } from "react";
import { useMay } from "../../api/me";
import { cadencesQuery } from "../../api/queries";
import type { View } from "../../api/views";
import { EmptyState, ErrorState, StaleAlert } from "../../components/States";
import { KeyCap } from "../../keys/KeyCap";
import { useShortcuts } from "../../keys/useShortcuts";
import { plural } from "../../lib/format";
import { useTitle } from "../../lib/useTitle";
import { CadenceCards } from "./CadenceCards";
import { CadenceTable } from "./CadenceTable";
import { CreateButton } from "./CreateButton";
import { ViewsMenu } from "../../views/ViewsMenu";
import { useDefaultView } from "../../views/useDefaultView";
import { Filters } from "./Filters";
import { type ListSearch, listSearch } from "./search";
import { useCreateCadence } from "./useCreateCadence";

const ImportDialog = lazy(() => import("./ImportDialog"));
const route = getRouteApi("/cadences");

/** Every cadence with its figures and what can be done with it. */
export default function Cadences() {
  useTitle("Cadences");
  const filter = route.useSearch();
  const go = route.useNavigate();
  const may = useMay();
  const create = useCreateCadence();
  const open = useCallback((v: View) => void go({ search: { ...listSearch(v.search), view: v.id } }), [go]);
  const ready = useDefaultView("cadences", filter, open);
  const drop = useCallback(() => void go({ search: (old) => ({ ...old, view: undefined }) }), [go]);
  const [importing, dialog] = useDisclosure();
  useShortcuts(may("cadences.manage") ? [
    { keys: "n", label: "New cadence", group: "This page", run: () => create.mutate() },
    { keys: "i", label: "Import a cadence", group: "This page", run: dialog.open },
  ] : []);
  return (
    <>
      <Group justify="space-between" mb="md" gap="sm">
        <Title order={1}>Cadences</Title>
        <Group gap="sm">
          <ViewsMenu page="cadences" search={filter} open={open} drop={drop} />
          {may("cadences.manage") && <Button variant="default" leftSection={<IconUpload size={16} aria-hidden />} rightSection={<KeyCap of="i" />} aria-keyshortcuts="i" onClick={dialog.open}>Import</Button>}
          <CreateButton keys />
        </Group>
      </Group>
      <Filters />
      <Listed filter={filter} ready={ready} importOne={dialog.open} />
      <Suspense fallback={null}>{importing && <ImportDialog close={dialog.close} />}</Suspense>
    </>
  );
}

/** The list itself: new figures draw it and not the page around it. */
function Listed({ filter, ready, importOne }: { filter: ListSearch; ready: boolean; importOne: () => void }) {
  const list = useInfiniteQuery({ ...cadencesQuery(filter), placeholderData: keepPreviousData, enabled: ready });
  const narrow = useMediaQuery("(max-width: 48em)", undefined, { getInitialValueInEffect: false });
  const data = ready ? list.data : undefined;
  const items = data?.pages.flatMap((p) => p.items) ?? [];
  const now = data?.pages[0]?.as_of ?? "";
  const filtered = Boolean(filter.status || filter.type || filter.audience || filter.channel || filter.q);
  return (
    <>
      {list.error && list.data && <StaleAlert error={list.error} since={list.dataUpdatedAt} retry={() => void list.refetch()} />}
      <section className="card again" aria-label="Cadences" data-rows aria-busy={list.isPlaceholderData}>
        {!data ? (
          list.error ? <ErrorState what="the cadences" error={list.error} retry={() => void list.refetch()} /> : <Loading />
        ) : items.length === 0 ? (
          filtered ? <NoMatch /> : <Nothing open={importOne} />
        ) : (
          <>
            {narrow ? <CadenceCards items={items} now={now} /> : <CadenceTable items={items} now={now} />}
            <More shown={items.length} more={list.hasNextPage} busy={list.isFetchingNextPage} load={() => void list.fetchNextPage()} />
          </>
        )}
      </section>
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
  const may = useMay()("cadences.manage");
  return (
    <EmptyState icon={IconListDetails} title="No cadence yet" action={may && <Group gap="sm"><CreateButton /><Button variant="default" leftSection={<IconUpload size={16} aria-hidden />} onClick={open}>Import a cadence</Button></Group>}>
      A cadence says which call follows which: its steps, the hours in which it may call, and what follows each outcome.{" "}
      {may ? <>Create one here, <Anchor component={Link} to="/templates">begin with a template</Anchor>, or import a document.</> : "Whoever holds the grant cadences.manage can create the first."}
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
