import { Badge, Button, Group, NativeSelect, Skeleton, Table, Text, TextInput, Title, VisuallyHidden } from "@mantine/core";
import { IconGavel, IconSearchOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type PackRule, type Packs, packsQuery } from "../../api/compliance";
import { Notice } from "../../components/Notice";
import { ComplianceSections } from "../../components/Sections";
import { EmptyState, ErrorState, StaleAlert } from "../../components/States";
import { count, plural } from "../../lib/format";
import { instant } from "../../lib/time";
import { useSearchText } from "../../lib/useSearchText";
import { useTitle } from "../../lib/useTitle";
import figures from "../ops/Ops.module.css";
import { Figure } from "../overview/Cards";
import { AbandonPanel } from "./AbandonPanel";
import classes from "./Compliance.module.css";
import { allPlaces, calls, chosen, confidences, dates, demands, evidence, kindNames, places } from "./rules";

const route = getRouteApi("/compliance");

/** The law as the program knows it: every rule with its source, dates, and how sure it is. */
export default function Compliance() {
  useTitle("Compliance");
  const { data, error, refetch, dataUpdatedAt } = useQuery(packsQuery);
  return (
    <>
      <Title order={1} mb="sm">Compliance</Title>
      <ComplianceSections />
      {error && data && <StaleAlert error={error} since={dataUpdatedAt} retry={() => void refetch()} />}
      {data ? <Board packs={data} /> : error ? <section className="card"><ErrorState what="the rules" error={error} retry={() => void refetch()} /></section> : <Loading />}
    </>
  );
}

function Board({ packs }: { packs: Packs }) {
  const f = route.useSearch();
  const all = packs.files.flatMap((x) => x.rules);
  const overdue = all.filter((r) => r.overdue).length + packs.files.filter((x) => x.overdue).length;
  const files = chosen(packs, f);
  return (
    <>
      {packs.digest === null && <Notice tone="bad" mb="md" title="No rule packs are in force: nothing is dialed">Without rules nobody is called. Check them with carillon lint packs, then carillon packs reload.</Notice>}
      {packs.refused !== "" && <Notice tone="bad" mb="md" title="A newer set was refused; this one stays in force">{packs.refused}</Notice>}
      {overdue > 0 && <Notice tone="warn" mb="md" title={`${plural(overdue, "review")} overdue`}>Somebody has to look whether the law is still so, and set a later review_by. A reload is refused until then.</Notice>}
      <section className={`card ${figures.group}`} aria-label="The set in force">
        <div className={figures.figures}>
          <Figure label="Judged rules" about="Rules that the permit asks before every call." value={count(all.filter((r) => r.judged).length)} from={`${count(packs.built_in.length)} more are built in`} />
          <Figure label="Duties" about="Rules that other parts of the house keep or that people do; they are told with every verdict and not judged by the permit." value={count(all.filter((r) => !r.judged).length)} />
          <Figure label="Unsure" about="Rules that were written from memory or from one secondary source, and not checked at their source yet." value={count(all.filter((r) => r.confidence !== "V").length)} from={`of ${count(all.length)}`} />
          <Figure label="Set" about={`The SHA-256 of the set names it; every verdict holds it. In full: ${packs.digest ?? "none"}`} value={packs.digest?.slice(0, 8) ?? "none"} from={packs.since ? `since ${instant(packs.since)}` : undefined} />
          <Figure label="Time zones" about="Release of the time zone database inside the program. The computer's own is never asked." value={packs.tz} />
        </div>
      </section>
      <AbandonPanel />
      <Filters packs={packs} />
      {files.length === 0 ? <section className="card"><NoMatch none={all.length === 0} /></section> : files.map((file) => (
        <section key={file.path} className={`card ${classes.file}`} aria-label={file.path}>
          <div className={classes.head}>
            <Title order={2}>{file.pack}</Title>
            <Text size="sm" c="dimmed"><code>{file.path}</code>, {plural(file.rules.length, "rule")}</Text>
            {file.review_by && <Text size="sm" className={file.overdue ? classes.late : undefined} c={file.overdue ? undefined : "dimmed"}>Review by {file.review_by}{file.overdue && ": overdue"}</Text>}
            {file.calendars.length > 0 && <Text size="sm" c="dimmed">Calendars: {file.calendars.map((c) => `${c.id} (${c.days})`).join(", ")}</Text>}
          </div>
          <RuleTable of={file.pack} rules={file.rules} />
        </section>
      ))}
      {!f.q && !f.kind && !f.place && <BuiltIn rules={packs.built_in} />}
    </>
  );
}

function Filters({ packs }: { packs: Packs }) {
  const f = route.useSearch();
  const go = route.useNavigate();
  const set = (next: Partial<typeof f>, replace = false) => void go({ search: (old) => ({ ...old, ...next }), replace });
  const [text, type] = useSearchText(f.q, (q) => set({ q }, true));
  const any = { value: "", label: "Any" };
  const kinds = [...new Set(packs.files.flatMap((x) => x.rules.map((r) => r.kind)))].sort();
  return (
    <Group align="flex-end" mb="md" gap="sm">
      <TextInput label="Search" placeholder="Id, words, or source" value={text} onChange={(e) => type(e.currentTarget.value)} />
      <NativeSelect label="Place" value={f.place ?? ""} data={[any, ...allPlaces(packs)]} onChange={(e) => set({ place: e.currentTarget.value || undefined })} />
      <NativeSelect label="Kind" value={f.kind ?? ""} data={[any, ...kinds.map((k) => ({ value: k, label: kindNames[k] ?? k }))]} onChange={(e) => set({ kind: e.currentTarget.value || undefined })} />
    </Group>
  );
}

function RuleTable({ of, rules }: { of: string; rules: readonly PackRule[] }) {
  return (
    <Table.ScrollContainer type="native" tabIndex={0} pos="relative" minWidth={980}>
      <Table aria-label={`Rules of ${of}`} className="rows" horizontalSpacing="md" verticalSpacing={8} layout="fixed">
        <Table.Thead><Table.Tr><Table.Th w="26%">Rule</Table.Th><Table.Th w="24%">What it asks for</Table.Th><Table.Th w="22%">Where, and of which calls</Table.Th><Table.Th>Source</Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody>{rules.map((r) => <Row key={r.id + r.effective_from} r={r} />)}</Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Row({ r }: { r: PackRule }) {
  return (
    <Table.Tr data-rule={r.id}>
      <Table.Td style={{ verticalAlign: "top" }}>
        <Text size="sm">{r.title}</Text>
        <code className={classes.rule}>{r.id}</code>
        <Group gap={6} mt={4}>
          <Badge variant="default" tt="none" fw={500}>{kindNames[r.kind] ?? r.kind}</Badge>
          {!r.judged && <Badge variant="default" tt="none" fw={500}>Duty</Badge>}
          {!r.in_force && <Badge variant="default" tt="none" fw={500}>Not in force today</Badge>}
        </Group>
      </Table.Td>
      <Table.Td style={{ verticalAlign: "top" }}>
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>{demands(r)}</Text>
        {r.waived_by.length > 0 && <Text size="xs" c="dimmed" mt={4}>Does not hold with {r.waived_by.map(evidence).join(" or ")}{r.declared && ", also declared by the cadence"}</Text>}
        {r.judged && r.remedy && <Text size="xs" c="dimmed" mt={4}>When it refuses: {r.remedy}</Text>}
      </Table.Td>
      <Table.Td style={{ verticalAlign: "top" }}><Text size="sm">{places(r)}</Text><Text size="xs" c="dimmed">{calls(r)}</Text></Table.Td>
      <Table.Td style={{ verticalAlign: "top" }}>
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>{r.source}</Text>
        <Text size="xs" c="dimmed">{confidences[r.confidence]}{dates(r) && `; ${dates(r)}`}</Text>
        {r.review_by && <Text size="xs" className={r.overdue ? classes.late : undefined} c={r.overdue ? undefined : "dimmed"}>Review by {r.review_by}{r.overdue && ": overdue"}</Text>}
      </Table.Td>
    </Table.Tr>
  );
}

function BuiltIn({ rules }: { rules: Packs["built_in"] }) {
  return (
    <section className={`card ${classes.file}`} aria-labelledby="built-in">
      <div className={classes.head}><Title order={2} id="built-in">Built in</Title><Text size="sm" c="dimmed">Asked before and after those of the packs</Text></div>
      <Table.ScrollContainer type="native" tabIndex={0} pos="relative" minWidth={760}>
        <Table aria-labelledby="built-in" className="rows" horizontalSpacing="md">
          <Table.Thead><Table.Tr><Table.Th>Rule</Table.Th><Table.Th>Kind</Table.Th><Table.Th>Source</Table.Th><Table.Th>When it refuses</Table.Th></Table.Tr></Table.Thead>
          <Table.Tbody>
            {rules.map((r) => (
              <Table.Tr key={r.id}>
                <Table.Td><Text size="sm">{r.title}</Text><code className={classes.rule}>{r.id}</code></Table.Td>
                <Table.Td>{kindNames[r.kind] ?? r.kind}</Table.Td><Table.Td><Text size="sm">{r.source}</Text></Table.Td><Table.Td><Text size="sm">{r.remedy}</Text></Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </section>
  );
}

function NoMatch({ none }: { none: boolean }) {
  const go = route.useNavigate();
  if (none) return <EmptyState icon={IconGavel} title="No rule">Rules are read from the packs that are shipped and from compliance.dir at the start, and again by carillon packs reload.</EmptyState>;
  return <EmptyState icon={IconSearchOff} title="No rule matches" action={<Button variant="default" onClick={() => void go({ search: {} })}>Clear the filters</Button>}>No rule has these words, place and kind together.</EmptyState>;
}

function Loading() {
  return (
    <div aria-busy="true">
      <VisuallyHidden>Loading the rules</VisuallyHidden>
      <section className={`card ${figures.group}`} style={{ padding: 18 }}><Skeleton h={52} /></section>
      <section className="card" style={{ padding: 18 }}>{Array.from({ length: 8 }, (_, i) => <Skeleton key={i} h={40} my={12} />)}</section>
    </div>
  );
}
