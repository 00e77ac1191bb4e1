import { Button, Group, Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { explain } from "../../api/client";
import { useMay } from "../../api/me";
import { overviewQuery } from "../../api/queries";
import { type Blockers, blockersQuery } from "../../api/reports";
import { Cell, type Column, Row, Rows } from "../../components/Rows";
import { ErrorState } from "../../components/States";
import { count, plural, sentence } from "../../lib/format";
import { instant, readable } from "../../lib/time";
import classes from "./Reports.module.css";
import { None, Section } from "./Section";

const route = getRouteApi("/reports");

/** Why the leads of a cadence are not being called this moment. */
export function Waiting({ cadence, zone }: { cadence?: string; zone?: string }) {
  return (
    <Section title="What is waiting, and why" about="The leads of a cadence that are not being called this moment, by the first rule that stands in the way.">
      {cadence ? <Rules cadence={cadence} zone={zone} /> : <Choose />}
    </Section>
  );
}

/** How many cadences are offered; the others are in the list above. */
const OFFERED = 12;

/** The active cadences with leads in them, the fullest first. */
function Choose() {
  const go = route.useNavigate();
  const { data, error } = useQuery(overviewQuery);
  if (!data) return error ? <None>The cadences could not be read. {explain(error).message}</None> : <Skeleton h={30} />;
  const all = data.by_cadence.filter((c) => c.status === "active" && c.enrolled > 0).sort((a, b) => b.enrolled - a.enrolled);
  if (all.length === 0) return <None>No lead waits in an active cadence.</None>;
  return (
    <Group gap={8}>
      <Text size="sm" c="dimmed">Look at</Text>
      {all.slice(0, OFFERED).map((c) => <Button key={c.id} size="compact-sm" variant="default" onClick={() => void go({ search: (old) => ({ ...old, cadence: c.id }), resetScroll: false })}>{c.name}</Button>)}
    </Group>
  );
}

const c = {
  rule: { name: "Rule" }, leads: { name: "Leads", right: true }, next: { name: "First may be called" }, sample: { name: "For example", wide: true },
} satisfies Record<string, Column>;

function Rules({ cadence, zone }: { cadence: string; zone?: string }) {
  const may = useMay();
  const { data, error, refetch } = useQuery(blockersQuery(cadence));
  if (!data) return error ? <ErrorState what="what holds the leads back" error={error} retry={() => void refetch()} /> : <Skeleton h={120} />;
  return (
    <>
      <Text size="sm" mb="sm" className="num">
        {plural(data.waiting, "lead waits", "leads wait")}, {count(data.callable)} may be called now.
        {data.looked < data.waiting && ` The ${count(data.looked)} that are due first were judged.`}
      </Text>
      {data.items.length > 0 && (
        <div className={classes.flush}>
          <Rows of="Rules in the way" columns={Object.values(c)} minWidth={620}>
            {data.items.map((b) => (
              <Row key={b.rule} className="num">
                <Cell of={c.rule}><Text size="sm">{readable(sentence(b.message || b.rule), zone)}</Text><Text size="xs" c="dimmed">{b.rule}</Text></Cell>
                <Cell of={c.leads}>{count(b.touches)}</Cell>
                <Cell of={c.next}>{b.next ? instant(b.next, zone) : "When somebody changes something"}</Cell>
                <Cell of={c.sample}>{may("leads.read") ? b.leads.map((id, i) => <Link key={id} to="/leads/$id" params={{ id }} className={classes.sample}>{i + 1}<span className="visually-hidden">. lead held back by {b.rule}</span></Link>) : "–"}</Cell>
              </Row>
            ))}
          </Rows>
        </div>
      )}
      {data.ended.length > 0 && <PutOut ended={data.ended} />}
    </>
  );
}

const gone = { rule: c.rule, leads: c.leads, sample: c.sample } satisfies Record<string, Column>;

/** Whom rules have put out of the cadence for good: nothing of theirs waits any more. */
function PutOut({ ended }: { ended: Blockers["ended"] }) {
  const may = useMay();
  const leads = ended.reduce((n, e) => n + e.leads, 0);
  return (
    <>
      <Text size="sm" mt="lg" mb="sm" className="num">{plural(leads, "lead was", "leads were")} put out of the cadence by a rule and will not be called in it.</Text>
      <div className={classes.flush}>
        <Rows of="Rules that put leads out" columns={Object.values(gone)} minWidth={620}>
          {ended.map((e) => (
            <Row key={e.rule} className="num">
              <Cell of={gone.rule}><Text size="sm">{sentence(e.message || e.rule)}</Text><Text size="xs" c="dimmed">{e.rule}</Text></Cell>
              <Cell of={gone.leads}>{count(e.leads)}</Cell>
              <Cell of={gone.sample}>{may("leads.read") ? e.samples.map((id, i) => <Link key={id} to="/leads/$id" params={{ id }} className={classes.sample}>{i + 1}<span className="visually-hidden">. lead put out by {e.rule}</span></Link>) : "–"}</Cell>
            </Row>
          ))}
        </Rows>
      </div>
    </>
  );
}
