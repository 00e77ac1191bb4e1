import { Button, Group, Kbd, NativeSelect, Skeleton, Text, TextInput, Title, VisuallyHidden } from "@mantine/core";
import { useDebouncedCallback, useHotkeys } from "@mantine/hooks";
import { IconSearch, IconSearchOff, IconUpload, IconUsers } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { type LeadFilter, leadsQuery, listsQuery } from "../../api/leads";
import { useMay } from "../../api/me";
import { EmptyState, ErrorState, StaleAlert } from "../../components/States";
import { plural } from "../../lib/format";
import { useTitle } from "../../lib/useTitle";
import { LeadTable } from "./LeadTable";
import classes from "./Leads.module.css";
import { SelectionBar } from "./SelectionBar";
import { toggled, toggledAll } from "./selection";

const route = getRouteApi("/leads");
const none: ReadonlySet<string> = new Set();

/** The people to be called. Rows come as they are scrolled to; a search looks at names, e-mails, external ids and numbers. */
export default function Leads() {
  useTitle("Leads");
  const filter = route.useSearch();
  const go = route.useNavigate();
  const list = useInfiniteQuery({ ...leadsQuery(filter), placeholderData: keepPreviousData });
  const [chosen, choose] = useState(none);
  const of = JSON.stringify(filter);
  useEffect(() => choose(none), [of]); // what is out of sight is not chosen
  const leads = list.data?.pages.flatMap((p) => p.items) ?? [];
  const filtered = Boolean(filter.q || filter.list);
  return (
    <>
      <Group justify="space-between" mb="md" gap="sm">
        <Title order={1}>Leads</Title>
        <ImportButton />
      </Group>
      <Filters />
      {list.error && list.data && <StaleAlert error={list.error} since={list.dataUpdatedAt} retry={() => void list.refetch()} />}
      <section className="card" aria-label="Leads" aria-busy={list.isPlaceholderData} style={{ opacity: list.isPlaceholderData ? 0.65 : 1 }}>
        {!list.data ? (
          list.error ? <ErrorState what="the leads" error={list.error} retry={() => void list.refetch()} /> : <Loading />
        ) : leads.length === 0 && !list.hasNextPage ? (
          filtered ? <NoMatch clear={() => void go({ search: {} })} /> : <Nothing />
        ) : (
          <LeadTable leads={leads} chosen={chosen} toggle={(id) => choose(toggled(chosen, id))} toggleAll={() => choose(toggledAll(chosen, leads.map((l) => l.id)))}
            more={list.hasNextPage && !list.isFetching} load={() => void list.fetchNextPage()} />
        )}
        {list.data && (leads.length > 0 || list.hasNextPage) && (
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

function ImportButton() {
  const may = useMay();
  if (!may("leads.import")) return null;
  return <Button component={Link} to="/lists/import" variant="default" leftSection={<IconUpload size={16} aria-hidden />}>Import leads</Button>;
}

/** Wait (ms) after the last key before the leads are asked for. */
const TYPING = 250;

function Filters() {
  const search = route.useSearch();
  const go = route.useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(search.q ?? "");
  const set = (next: Partial<LeadFilter>, replace = false) => void go({ search: (old) => ({ ...old, ...next }), replace });
  const find = useDebouncedCallback((q: string) => set({ q: q || undefined }, true), TYPING);
  const lists = useQuery(listsQuery).data?.items ?? [];
  useHotkeys([["/", () => input.current?.focus()]]);
  useEffect(() => setText(search.q ?? ""), [search.q]);
  return (
    <Group mb="md" gap="sm" align="end">
      <TextInput ref={input} type="search" label="Search" placeholder="Begins with: name, e-mail, id or number" className={classes.search} value={text}
        leftSection={<IconSearch size={16} aria-hidden />} rightSection={text === "" ? <Kbd size="xs" aria-hidden>/</Kbd> : undefined}
        onChange={(e) => {
          setText(e.currentTarget.value);
          find(e.currentTarget.value.trim());
        }} />
      <NativeSelect label="List" value={search.list ?? ""} onChange={(e) => set({ list: e.currentTarget.value || undefined })} className={classes.list}
        data={[{ value: "", label: "Any list" }, ...lists.map((l) => ({ value: l.id, label: l.name }))]} />
    </Group>
  );
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

function Loading() {
  return (
    <div style={{ padding: 16, display: "grid", gap: 14 }} aria-busy>
      <VisuallyHidden>Loading the leads</VisuallyHidden>
      {Array.from({ length: 8 }, (_, i) => <Skeleton key={i} h={34} />)}
    </div>
  );
}
