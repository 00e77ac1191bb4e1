import { Button, Group, Skeleton, Text, Title, VisuallyHidden } from "@mantine/core";
import { IconSearchOff, IconUpload, IconUsers } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { useCallback, useEffect, useState } from "react";
import { leadsQuery } from "../../api/leads";
import { useMay } from "../../api/me";
import type { View } from "../../api/views";
import { EmptyState, ErrorState, StaleAlert } from "../../components/States";
import { KeyCap } from "../../keys/KeyCap";
import { rowInFocus } from "../../keys/rows";
import { useShortcuts } from "../../keys/useShortcuts";
import { plural } from "../../lib/format";
import { useTitle } from "../../lib/useTitle";
import { ViewsMenu } from "../../views/ViewsMenu";
import { useDefaultView } from "../../views/useDefaultView";
import { usual } from "./columns";
import { LeadFilters } from "./LeadFilters";
import { LeadTable } from "./LeadTable";
import { leadSearch } from "./search";
import { SelectionBar } from "./SelectionBar";
import { toggled, toggledAll } from "./selection";

const route = getRouteApi("/leads");
const none: ReadonlySet<string> = new Set();

/** The people to be called. Rows come as they are scrolled to; a search looks at names, e-mails, external ids and numbers. */
export default function Leads() {
  useTitle("Leads");
  const search = route.useSearch();
  const go = route.useNavigate();
  const may = useMay();
  const open = useCallback((v: View) => void go({ search: { ...leadSearch(v.search), view: v.id } }), [go]);
  const ready = useDefaultView("leads", search, open);
  const list = useInfiniteQuery({ ...leadsQuery(search), placeholderData: keepPreviousData, enabled: ready });
  const [chosen, choose] = useState(none);
  const { q, list: of, sort, called } = search;
  useEffect(() => choose(none), [q, of, called]); // what is out of sight is not chosen
  const data = ready ? list.data : undefined;
  const leads = data?.pages.flatMap((p) => p.items) ?? [];
  const acts = may("enroll") || may("unenroll");
  useShortcuts([
    ...(may("leads.import") ? [{ keys: "n", label: "Import leads", group: "This page" as const, run: () => void go({ to: "/lists/import" }) }] : []),
    ...(acts ? [{ keys: "x", label: "Choose the row in focus, or not", group: "Tables" as const, keyOnly: true, run: () => {
      const id = rowInFocus()?.dataset.lead;
      if (id) choose((old) => toggled(old, id));
    } }] : []),
  ]);
  return (
    <>
      <Group justify="space-between" mb="md" gap="sm">
        <Title order={1}>Leads</Title>
        <Group gap="sm">
          <ViewsMenu page="leads" search={search} open={open} drop={() => void go({ search: (old) => ({ ...old, view: undefined }) })} />
          <ImportButton keys />
        </Group>
      </Group>
      <LeadFilters />
      {list.error && list.data && <StaleAlert error={list.error} since={list.dataUpdatedAt} retry={() => void list.refetch()} />}
      <section className="card again" aria-label="Leads" aria-busy={list.isPlaceholderData}>
        {!data ? (
          list.error ? <ErrorState what="the leads" error={list.error} retry={() => void list.refetch()} /> : <Loading sorting={list.failureCount > 0 && (sort ?? called) !== undefined} />
        ) : leads.length === 0 && !list.hasNextPage ? (
          q || of || called ? <NoMatch clear={() => void go({ search: {} })} /> : <Nothing />
        ) : (
          <LeadTable leads={leads} now={data.pages[0]?.as_of ?? ""} cols={search.cols ?? usual} sort={sort} sortBy={q ? undefined : (next) => void go({ search: (old) => ({ ...old, sort: next }), replace: true, resetScroll: false })}
            choice={acts ? { chosen, toggle: (id) => choose(toggled(chosen, id)), toggleAll: () => choose(toggledAll(chosen, leads.map((l) => l.id))) } : undefined}
            more={list.hasNextPage && !list.isFetching} load={() => void list.fetchNextPage()} />
        )}
        {data && (leads.length > 0 || list.hasNextPage) && (
          <Group px="md" py="sm" justify="space-between" style={{ borderTop: "1px solid var(--app-line)" }}>
            <Text size="sm" c="dimmed" role="status">{list.hasNextPage ? `The first ${plural(leads.length, "lead")}` : plural(leads.length, "lead")}</Text>
            {list.hasNextPage && <Button size="compact-md" variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{leads.length === 0 ? "Search on" : "Show more"}</Button>}
          </Group>
        )}
      </section>
      {chosen.size > 0 && <SelectionBar chosen={chosen} clear={() => choose(none)} />}
    </>
  );
}

function ImportButton({ keys }: { keys?: boolean }) {
  const may = useMay();
  if (!may("leads.import")) return null;
  return <Button component={Link} to="/lists/import" variant="default" leftSection={<IconUpload size={16} aria-hidden />} rightSection={keys && <KeyCap of="n" />} aria-keyshortcuts={keys ? "n" : undefined}>Import leads</Button>;
}

function NoMatch({ clear }: { clear: () => void }) {
  return (
    <EmptyState icon={IconSearchOff} title="No lead matches" action={<Button variant="default" onClick={clear}>Clear the filters</Button>}>
      A search finds leads whose name, e-mail, external id or number begins with what is typed.
    </EmptyState>
  );
}

function Nothing() {
  return (
    <EmptyState icon={IconUsers} title="No lead yet" action={<ImportButton />}>
      Leads come in as a file that your CRM exports, here or by <code>carillon import leads leads.csv</code>. Each then shows here
      whether it can be called, why, what was done so far and what comes next.
    </EmptyState>
  );
}

function Loading({ sorting }: { sorting: boolean }) {
  return (
    <div style={{ padding: 16, display: "grid", gap: 14 }} aria-busy>
      {sorting ? <Text size="sm" c="dimmed" role="status">The server reads every lead for the first sorted list since its start. This page goes on by itself.</Text> : <VisuallyHidden>Loading the leads</VisuallyHidden>}
      {Array.from({ length: 8 }, (_, i) => <Skeleton key={i} h={34} />)}
    </div>
  );
}
