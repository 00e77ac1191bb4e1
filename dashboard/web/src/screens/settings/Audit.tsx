import { Button, Group, Skeleton, Text, TextInput, Title } from "@mantine/core";
import { IconDownload, IconListDetails } from "@tabler/icons-react";
import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { type Schemas, ask, client } from "../../api/client";
import { Cell, type Column, Row, Rows } from "../../components/Rows";
import { EmptyState, ErrorState, StaleAlert } from "../../components/States";
import { instant } from "../../lib/time";
import { useTitle } from "../../lib/useTitle";

const route = getRouteApi("/settings/audit");

interface AuditFilter {
  who?: string;
  what?: string;
}

const auditQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ["audit", filter],
    queryFn: ({ signal, pageParam }) => ask(client.GET("/v1/audit", { signal, params: { query: { ...filter, limit: 100, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: 0,
  });

type Entry = Schemas["AuditPage"]["items"][number];

const c = { at: { name: "When" }, who: { name: "Who" }, what: { name: "What" }, which: { name: "Which", wide: true }, detail: { name: "Detail", wide: true } } satisfies Record<string, Column>;

/** Who did what, newest first. */
export default function Audit() {
  useTitle("Audit log");
  const filter = route.useSearch();
  const list = useInfiniteQuery(auditQuery(filter));
  const rows = list.data?.pages.flatMap((p) => p.items);
  const query = new URLSearchParams(Object.entries(filter).filter(([, v]) => v) as [string, string][]).toString();
  return (
    <>
      <Group justify="space-between" mb="md">
        <Title order={1}>Audit log</Title>
        <Button component="a" href={`/v1/audit/export${query && `?${query}`}`} download variant="default" leftSection={<IconDownload size={16} aria-hidden />}>Export as CSV</Button>
      </Group>
      <Filters filter={filter} />
      {list.error && rows && <StaleAlert error={list.error} since={list.dataUpdatedAt} retry={() => void list.refetch()} />}
      <section className="card" aria-label="Audit log">
        {!rows ? list.error ? <ErrorState what="the audit log" error={list.error} retry={() => void list.refetch()} /> : <Skeleton h={240} m="md" /> : rows.length === 0 && !list.hasNextPage ? (
          <EmptyState icon={IconListDetails} title="Nothing here">{query ? "No entry matches." : "Whatever somebody changes is kept here: who, what, when, and from where. Nothing takes an entry away."}</EmptyState>
        ) : (
          <>
            <Rows of="Audit log" columns={Object.values(c)} minWidth={860}>
              {rows.map((a) => (
                <Row key={a.n}>
                  <Cell of={c.at} style={{ whiteSpace: "nowrap" }}>{instant(a.at)}</Cell>
                  <Cell of={c.who}>{a.name || a.who || "–"}<Text size="xs" c="dimmed">{a.from}</Text></Cell>
                  <Cell of={c.what}><code>{a.what}</code></Cell>
                  <Cell of={c.which}>{a.target && <Text size="xs" ff="monospace" style={{ overflowWrap: "anywhere" }} maw={240}>{a.target}</Text>}</Cell>
                  <Cell of={c.detail}>{(a.detail || a.times > 1 || changed(a)) && <Detail of={a} />}</Cell>
                </Row>
              ))}
            </Rows>
            {list.hasNextPage && <Group px="md" py="sm"><Button size="compact-md" variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{rows.length === 0 ? "Look further back" : "Show older"}</Button></Group>}
          </>
        )}
      </section>
    </>
  );
}

const changed = (a: Entry): boolean => !!a.after && !!a.before && a.before !== a.after;

function Detail({ of: a }: { of: Entry }) {
  return (
    <>
      {a.detail && <Text size="sm" maw={420} style={{ overflowWrap: "anywhere" }}>{a.detail}</Text>}
      {a.times > 1 && <Text size="sm">{`${a.times} times stored, since ${instant(a.since)}`}</Text>}
      {changed(a) && <Text size="xs" c="dimmed" title={`${a.before} → ${a.after}`}>{a.before.slice(0, 8)} → {a.after.slice(0, 8)}</Text>}
    </>
  );
}

function Filters({ filter }: { filter: AuditFilter }) {
  const go = route.useNavigate();
  const [who, setWho] = useState(filter.who ?? "");
  const [what, setWhat] = useState(filter.what ?? "");
  // Back changes the address from outside.
  useEffect(() => {
    setWho(filter.who ?? "");
    setWhat(filter.what ?? "");
  }, [filter.who, filter.what]);
  const apply = () => void go({ search: { who: who.trim() || undefined, what: what.trim() || undefined } });
  return (
    <form onSubmit={(e) => { e.preventDefault(); apply(); }}>
      <Group align="flex-end" mb="md">
        <TextInput label="Who" placeholder="Name, id or address" value={who} onChange={(e) => setWho(e.currentTarget.value)} />
        <TextInput label="What" placeholder="cadence. or user.created" value={what} onChange={(e) => setWhat(e.currentTarget.value)} />
        <Button type="submit" variant="default">Filter</Button>
      </Group>
    </form>
  );
}
