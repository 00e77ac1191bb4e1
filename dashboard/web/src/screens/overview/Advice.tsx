import { Button, Group, Skeleton, Text, Title } from "@mantine/core";
import { IconBulb } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Suspense, lazy, memo, useState } from "react";
import { type Recommendation, adviceQuery, useAdviceActions } from "../../api/advice";
import { useMay } from "../../api/me";
import { ErrorState } from "../../components/States";
import { count, plural, rate } from "../../lib/format";
import classes from "./Advice.module.css";

const RestByAdvice = lazy(() => import("./RestByAdvice"));

/** What the figures say should be looked at: on what grounds, what it may bring, and the way to do it or to put it aside. */
export const Advice = memo(function Advice() {
  const { data, error, refetch } = useQuery(adviceQuery);
  return (
    <section className={`card ${classes.advice}`} aria-labelledby="advice">
      <Title order={2} id="advice">Recommendations</Title>
      <Text size="sm" c="dimmed" mb="sm">
        From the calls of the last {data?.days ?? 28} days. Only differences that chance does not explain, with at least 100 calls on both sides.
      </Text>
      {!data ? error ? <ErrorState what="the recommendations" error={error} retry={() => void refetch()} /> : <Skeleton h={90} /> : data.items.length === 0 ? (
        <Text c="dimmed" py="sm">
          {data.ready ? "Nothing stands out in these calls." : "The calls are still being read."}
          {data.hidden > 0 && ` ${plural(data.hidden, "recommendation is", "recommendations are")} put aside.`}
        </Text>
      ) : (
        <>
          <ul className={classes.list}>{data.items.map((r) => <Item key={r.id} of={r} />)}</ul>
          {data.hidden > 0 && <Text size="sm" c="dimmed" mt="sm">{count(data.hidden)} more put aside.</Text>}
        </>
      )}
    </section>
  );
});

function Item({ of: r }: { of: Recommendation }) {
  const may = useMay();
  const { hide } = useAdviceActions();
  const [open, setOpen] = useState(false);
  return (
    <li data-advice={r.kind}>
      <IconBulb size={20} stroke={1.6} aria-hidden className={classes.mark} />
      <div className={classes.words}>
        <Title order={3} size="h4">{r.title}</Title>
        <Text size="sm">{r.evidence} {may("attempts.read") && <Calls of={r} />}</Text>
        {r.rest && <Compared own={r.own} rest={r.rest} />}
        <Text size="sm" c="dimmed">{r.effect}</Text>
      </div>
      <Group gap="xs" className={classes.deeds}>
        {r.kind === "caller_id" && may("numbers.manage") && <Button size="compact-md" variant="light" onClick={() => setOpen(true)}>Preview and apply…</Button>}
        {r.cadence && may("cadences.manage") && <Apply of={r} />}
        {may("cadences.manage") && <Button size="compact-md" variant="default" loading={hide.isPending} onClick={() => hide.mutate(r)} aria-label={`Put aside: ${r.title}`}>Put aside</Button>}
      </Group>
      <Suspense>{open && <RestByAdvice of={r} close={() => setOpen(false)} />}</Suspense>
    </li>
  );
}

/** What is about a cadence is changed where its document is: there it is previewed and published. */
function Apply({ of: r }: { of: Recommendation }) {
  const id = r.cadence?.id ?? "";
  if (r.kind === "leads") return <Button size="compact-md" variant="light" component={Link} to="/leads">Choose leads to enroll</Button>;
  const at = r.kind === "step" ? (r.step ?? undefined) : "hours";
  return <Button size="compact-md" variant="light" renderRoot={(props) => <Link to="/cadences/$id/edit" params={{ id }} search={{ at }} {...props} />}>{r.kind === "step" ? "Open the step" : "Open its hours"}</Button>;
}

function Calls({ of: r }: { of: Recommendation }) {
  const search = {
    cadence: r.cadence?.id, caller_id: r.number ?? undefined, step: r.step ?? undefined, weekday: r.weekday ?? undefined, hour: r.hour ?? undefined, counts: "attempts" as const,
    from: r.period.from, to: r.period.to,
  };
  return <Link to="/attempts" search={search} className="link">See these calls<span className="visually-hidden"> of {r.title}</span></Link>;
}

type Share = Recommendation["own"];

/** Both rates with the intervals they lie in, on one scale. */
function Compared({ own, rest }: { own: Share; rest: Share }) {
  const top = Math.max(own.high, rest.high, 0.01);
  const row = (name: string, s: Share) => (
    <div className={classes.row}>
      <span>{name}</span>
      <div className={classes.range} role="img" aria-label={`${name}: ${rate(s.rate)}, between ${rate(s.low)} and ${rate(s.high)}`}>
        <i style={{ left: `${(s.low / top) * 100}%`, right: `${100 - (s.high / top) * 100}%` }} />
        <b style={{ left: `${((s.rate ?? 0) / top) * 100}%` }} />
      </div>
      <span className="num" aria-hidden>{rate(s.rate)}</span>
    </div>
  );
  return <div className={classes.compared}>{row("This", own)}{row("Others", rest)}</div>;
}
