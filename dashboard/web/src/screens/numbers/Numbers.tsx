import { Button, Group, NativeSelect, Skeleton, Text, Title, VisuallyHidden } from "@mantine/core";
import { IconDeviceLandlinePhone, IconSearchOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useZone } from "../../api/me";
import type { Schemas } from "../../api/client";
import { type CallerIDState, numbersQuery } from "../../api/numbers";
import { EmptyState, ErrorState, StaleAlert } from "../../components/States";
import { count, plural } from "../../lib/format";
import { instant } from "../../lib/time";
import { useTitle } from "../../lib/useTitle";
import { Figure } from "../overview/Cards";
import figures from "../ops/Ops.module.css";
import { definitions, stateNames } from "./definitions";
import { NumberTable } from "./NumberTable";
import { PoolTable } from "./PoolTable";
import { filtered, poolsOf } from "./pools";

const route = getRouteApi("/numbers");

/** The numbers that calls are placed from: how they are used and received, and which rest. */
export default function Numbers() {
  useTitle("Numbers");
  const { data, error, refetch, dataUpdatedAt } = useQuery(numbersQuery);
  return (
    <>
      <Group justify="space-between" mb="md" gap="xs">
        <Title order={1}>Numbers</Title>
        {data && <Text size="sm" c="dimmed">Figures of the last {plural(data.rules.days, "day")}</Text>}
      </Group>
      {error && data && <StaleAlert error={error} since={dataUpdatedAt} retry={() => void refetch()} />}
      {data ? (
        data.items.length === 0 ? <section className="card"><Nothing /></section> : <Board page={data} />
      ) : error ? <section className="card"><ErrorState what="the numbers" error={error} retry={() => void refetch()} /></section> : <Loading />}
    </>
  );
}

function Board({ page }: { page: Schemas["CallerIDPage"] }) {
  const f = route.useSearch();
  const go = route.useNavigate();
  const zone = useZone();
  const about = definitions(page.rules);
  const pools = poolsOf(page.items);
  const rows = filtered(page.items, f);
  const of = (s: CallerIDState) => page.items.filter((n) => n.state === s).length;
  const any = { value: "", label: "Any" };
  return (
    <>
      <section className={`card ${figures.group}`} aria-label="All numbers">
        <div className={figures.figures}>
          <Figure label="All numbers" about="Numbers of the configuration (caller_ids) that can place calls." value={count(page.items.length)} from={plural(pools.length, "pool")} />
          <Figure label="Ready" about="Calls may be placed from them now." value={count(of("ready"))} />
          <Figure label="Full today" about={about.today} value={count(of("full"))} from={page.items[0] && `until ${instant(page.items[0].day_ends, zone)}`} />
          <Figure label="Resting" about={about.rests} value={count(of("resting"))} />
        </div>
      </section>
      <PoolTable pools={pools} about={about} />
      <Group align="flex-end" mb="sm" gap="sm">
        <NativeSelect label="Pool" value={f.pool ?? ""} data={[any, ...pools.map((p) => ({ value: p.name, label: p.name }))]} onChange={(e) => void go({ search: { ...f, pool: e.currentTarget.value || undefined } })} />
        <NativeSelect label="State" value={f.state ?? ""} data={[any, ...Object.entries(stateNames).map(([value, label]) => ({ value, label }))]} onChange={(e) => void go({ search: { ...f, state: (e.currentTarget.value || undefined) as CallerIDState | undefined } })} />
        <Text size="sm" c="dimmed" role="status">{plural(rows.length, "number")}{page.next && `, of the first ${count(page.items.length)}`}</Text>
      </Group>
      <section className="card" aria-label="Numbers">
        {rows.length === 0 ? (
          <EmptyState icon={IconSearchOff} title="No number matches" action={<Button variant="default" onClick={() => void go({ search: {} })}>Clear the filters</Button>}>No number is in this pool and state together.</EmptyState>
        ) : <NumberTable rows={rows} now={page.as_of} zone={zone} about={about} />}
      </section>
    </>
  );
}

function Nothing() {
  return (
    <EmptyState icon={IconDeviceLandlinePhone} title="No number to call from">
      Numbers stand in the configuration: <code>caller_ids: ["+13035550100"]</code>, each with its pool and daily cap. Once the server is started with some, this page shows how each is answered and which rest.
    </EmptyState>
  );
}

function Loading() {
  return (
    <div aria-busy="true">
      <VisuallyHidden>Loading the numbers</VisuallyHidden>
      <section className={`card ${figures.group}`} style={{ padding: 18 }}><Skeleton h={52} /></section>
      <section className="card" style={{ padding: 18 }}>{Array.from({ length: 8 }, (_, i) => <Skeleton key={i} h={34} my={12} />)}</section>
    </div>
  );
}
