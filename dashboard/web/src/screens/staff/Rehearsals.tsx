import { Badge, Button, Group, Skeleton, Text, Title, VisuallyHidden } from "@mantine/core";
import { IconPhoneCall, IconUsers } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type RehearsalItem, isOver, rehearsalsQuery, told } from "../../api/rehearsals";
import { Cell, type Column, Row, Rows } from "../../components/Rows";
import { EmptyState, ErrorState, StaleAlert } from "../../components/States";
import { When } from "../../components/When";
import { plural } from "../../lib/format";
import { instant } from "../../lib/time";
import { useTitle } from "../../lib/useTitle";
import badge from "../attempts/Attempts.module.css";
import { came, stepWords } from "./words";

const c = {
  at: { name: "When" }, step: { name: "Step" }, to: { name: "Called" }, by: { name: "Asked for by" }, result: { name: "Result", wide: true },
} satisfies Record<string, Column>;

/** Every call to one of our own people: who asked, when, which step, and what came of it. */
export default function Rehearsals() {
  useTitle("Rehearsals");
  const list = useInfiniteQuery(rehearsalsQuery);
  const rows = list.data?.pages.flatMap((p) => p.items);
  const now = list.data?.pages[0]?.as_of ?? "";
  return (
    <>
      <Group justify="space-between" mb="md" gap="sm">
        <Title order={1}>Rehearsals</Title>
        <Button component={Link} to="/settings/staff" variant="default" leftSection={<IconUsers size={16} aria-hidden />}>Staff numbers</Button>
      </Group>
      {list.error && rows && <StaleAlert error={list.error} since={list.dataUpdatedAt} retry={() => void list.refetch()} />}
      <section className="card" aria-label="Rehearsals">
        {!rows ? (
          list.error ? <ErrorState what="the rehearsals" error={list.error} retry={() => void list.refetch()} /> : <Loading />
        ) : rows.length === 0 ? (
          <EmptyState icon={IconPhoneCall} title="Nothing was rehearsed yet">
            A rehearsal is one real call to a verified number of our own people, as a step would place it. Open a step in the editor and choose “Call me with this step”. No figure counts it.
          </EmptyState>
        ) : (
          <>
            <Rows of="Rehearsals" columns={Object.values(c)} minWidth={860}>{rows.map((r) => <One key={r.id} r={r} now={now} />)}</Rows>
            <Group px="md" py="sm" justify="space-between" style={{ borderTop: "1px solid var(--app-line)" }}>
              <Text size="sm" c="dimmed" role="status">{plural(rows.length, "rehearsal")}, newest first. No figure, cap or report counts them.</Text>
              {list.hasNextPage && <Button size="compact-md" variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>Show older</Button>}
            </Group>
          </>
        )}
      </section>
    </>
  );
}

function One({ r, now }: { r: RehearsalItem; now: string }) {
  const { label, tone } = came(r);
  return (
    <Row data-rehearsal={r.id}>
      <Cell of={c.at}>
        <Link to="/rehearsals/$id" params={{ id: r.id }} className="open-link num">{instant(r.at)}</Link>
        <Text size="xs" c="dimmed" component="div"><When at={r.at} now={now} /></Text>
      </Cell>
      <Cell of={c.step} maw={320}>
        {r.kind === "code" ? "The code of a new number" : r.cadence ? <Link to="/cadences/$id" params={{ id: r.cadence }} className="open-link">{r.cadence_name || "A cadence that is deleted"}</Link> : r.cadence_name}
        {r.kind === "step" && <Text size="xs" c="dimmed">{stepWords(r)}</Text>}
      </Cell>
      <Cell of={c.to}>{r.name || "Removed"}<Text size="xs" c="dimmed" className="num">{r.to || "not known any more"}{r.from && ` from ${r.from}`}</Text></Cell>
      <Cell of={c.by}>{r.by}</Cell>
      <Cell of={c.result} maw={380}>
        <Badge variant="default" className={badge.badge} data-tone={tone}>{label}</Badge>
        <Text size="xs" c="dimmed" mt={3} style={{ overflowWrap: "anywhere" }}>{isOver(r) && r.disposition ? `A lead would be routed as ${r.disposition}` : `${told(r)}.`}</Text>
      </Cell>
    </Row>
  );
}

const Loading = () => (
  <div style={{ padding: 16, display: "grid", gap: 14 }} aria-busy="true">
    <VisuallyHidden>Loading the rehearsals</VisuallyHidden>
    {Array.from({ length: 6 }, (_, i) => <Skeleton key={i} h={40} />)}
  </div>
);
