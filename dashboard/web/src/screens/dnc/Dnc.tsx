import { Button, Group, Skeleton, Table, Text, TextInput, Title, VisuallyHidden } from "@mantine/core";
import { IconPhoneOff, IconUpload } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { listsOfNumbersQuery } from "../../api/compliance";
import { asNumber, dncQuery, marksQuery } from "../../api/leads";
import { useMay } from "../../api/me";
import { ComplianceSections } from "../../components/Sections";
import { EmptyState, ErrorState, StaleAlert } from "../../components/States";
import { brief, count, plural } from "../../lib/format";
import { instant } from "../../lib/time";
import { useTitle } from "../../lib/useTitle";
import classes from "../compliance/Compliance.module.css";
import { Marks, said } from "../lead/NoDialog";
import figures from "../ops/Ops.module.css";
import { Figure } from "../overview/Cards";
import { ImportList } from "./ImportList";
import { Lists } from "./Lists";

const route = getRouteApi("/compliance/dnc");

/** Who is not to be called: our own list, and those that were imported. */
export default function Dnc() {
  useTitle("Do not call");
  const { number } = route.useSearch();
  const lists = useQuery({ ...listsOfNumbersQuery, refetchInterval: (q) => (q.state.data?.items.some((l) => l.running_import) ? 2_000 : false) });
  const [importing, setImporting] = useState(false);
  const may = useMay();
  return (
    <>
      <Title order={1} mb="sm">Compliance</Title>
      <ComplianceSections />
      {lists.error && lists.data && <StaleAlert error={lists.error} since={lists.dataUpdatedAt} retry={() => void lists.refetch()} />}
      <Ask key={number} number={number} />
      {lists.data && (
        <section className={`card ${figures.group}`} aria-label="Counts">
          <div className={figures.figures}>
            <Figure label="Own marks" about="Marks of our own list, each scope of a number counted: people's own words, keys they pressed, and what agents and programs told. A mark holds from the moment it is answered." value={brief(lists.data.marks)} />
            <Figure label="Imported lists" about="Lists of numbers from elsewhere, each in its newest whole edition." value={count(lists.data.items.length)} />
            <Figure label="Numbers on them" about="Different numbers of each imported list, added up." value={brief(lists.data.items.reduce((n, l) => n + l.count, 0))} />
          </div>
        </section>
      )}
      <section className={`card ${classes.file}`} aria-labelledby="lists">
        <Group className={classes.head} justify="space-between">
          <Title order={2} id="lists">Imported lists</Title>
          {may("dnc.import") && <Button size="compact-md" variant="default" leftSection={<IconUpload size={16} aria-hidden />} onClick={() => setImporting(true)}>Import an edition</Button>}
        </Group>
        {lists.data ? <Lists page={lists.data} /> : lists.error ? <ErrorState what="the lists" error={lists.error} retry={() => void lists.refetch()} /> : <Skeleton h={90} m="md" />}
      </section>
      <Own />
      {importing && <ImportList close={() => setImporting(false)} names={lists.data?.items.map((l) => l.name) ?? []} />}
    </>
  );
}

/** One number: what stands against it, and what was ever said. */
function Ask({ number }: { number?: string }) {
  const go = route.useNavigate();
  const [text, setText] = useState(number ?? "");
  const [wrong, setWrong] = useState(false);
  const { data, error, refetch } = useQuery({ ...dncQuery(number ?? ""), enabled: number !== undefined });
  return (
    <section className={`card ${classes.file}`} aria-label="One number">
      <form className={classes.form} noValidate onSubmit={(e) => { e.preventDefault(); const tidy = asNumber(text); setWrong(!tidy); if (tidy) void go({ search: { number: tidy } }); }}>
        <TextInput label="Number" placeholder="+13035550100" inputMode="tel" value={text} error={wrong ? "With + and country code" : undefined} onChange={(e) => setText(e.currentTarget.value)} />
        <Group>
          <Button type="submit">Look it up</Button>
          {number && <Button variant="default" onClick={() => void go({ search: {} })}>Close</Button>}
        </Group>
      </form>
      {number && (
        <div style={{ padding: "0 18px 16px" }}>
          <Title order={2} mb="xs">May {number} be called?</Title>
          {data ? <Marks number={number} marks={data.marks} history={data.history} /> : error ? <ErrorState what="the marks" error={error} retry={() => void refetch()} /> : <Skeleton h={140} />}
        </div>
      )}
    </section>
  );
}

/** Our own list. What erased people said still holds and is not shown: nobody knows their numbers any more. */
function Own() {
  const list = useInfiniteQuery(marksQuery);
  const go = route.useNavigate();
  const rows = list.data?.pages.flatMap((p) => p.items);
  return (
    <section className={`card ${classes.file}`} aria-labelledby="own">
      <div className={classes.head}><Title order={2} id="own">Our own list</Title><Text size="sm" c="dimmed">By number</Text></div>
      {list.error && !rows ? <ErrorState what="our own list" error={list.error} retry={() => void list.refetch()} /> : !rows ? <Loading /> : rows.length === 0 && !list.hasNextPage ? (
        <EmptyState icon={IconPhoneOff} title="Nobody has said no yet">Whoever says no, by key, to an agent or in a message to you, stands here from that moment, with who heard it, how and why. Look a number up above to put it on the list.</EmptyState>
      ) : (
        <>
          <Table.ScrollContainer type="native" tabIndex={0} pos="relative" minWidth={820}>
            <Table aria-label="Our own list" className="rows" horizontalSpacing="md">
              <Table.Thead><Table.Tr><Table.Th>Number</Table.Th><Table.Th>No to</Table.Th><Table.Th>Since</Table.Th><Table.Th>How</Table.Th><Table.Th>Who and why</Table.Th></Table.Tr></Table.Thead>
              <Table.Tbody>
                {rows.map((m) => (
                  <Table.Tr key={m.number + m.scope}>
                    <Table.Td><Button variant="transparent" size="compact-sm" p={0} className="num" aria-label={`Look up ${m.number}`} onClick={() => { void go({ search: { number: m.number } }); window.scrollTo({ top: 0 }); }}>{m.number}</Button></Table.Td>
                    <Table.Td style={{ overflowWrap: "anywhere" }}>{said(m.scope ?? "all")}</Table.Td>
                    <Table.Td style={{ whiteSpace: "nowrap" }}>{instant(m.at)}</Table.Td>
                    <Table.Td>{m.source}</Table.Td>
                    <Table.Td style={{ overflowWrap: "anywhere" }}>{[m.by, m.reason].filter(Boolean).join(": ") || "–"}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
          <Group px="md" py="sm" justify="space-between" style={{ borderTop: "1px solid var(--app-line)" }}>
            <Text size="sm" c="dimmed" role="status">{list.hasNextPage ? `The first ${plural(rows.length, "mark")}` : plural(rows.length, "mark")}</Text>
            {list.hasNextPage && <Button size="compact-md" variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>Show more</Button>}
          </Group>
        </>
      )}
    </section>
  );
}

const Loading = () => <div style={{ padding: 18 }} aria-busy="true"><VisuallyHidden>Loading our own list</VisuallyHidden>{Array.from({ length: 5 }, (_, i) => <Skeleton key={i} h={28} my={10} />)}</div>;
