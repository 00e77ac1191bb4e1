import { Badge, Button, Checkbox, Group, NativeSelect, Skeleton, Text, TextInput, Title } from "@mantine/core";
import { IconGavel } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type SyntheticEvent, useState } from "react";
import { type Supposition, supposeQuery } from "../../api/compliance";
import { asNumber } from "../../api/leads";
import { cadenceNamesQuery } from "../../api/queries";
import { useZone } from "../../api/me";
import { Notice } from "../../components/Notice";
import { ComplianceSections } from "../../components/Sections";
import { EmptyState, ErrorState } from "../../components/States";
import { Trace } from "../../components/Trace";
import { plural, sentence } from "../../lib/format";
import { instant, wall } from "../../lib/time";
import { useTitle } from "../../lib/useTitle";
import classes from "./Compliance.module.css";
import { type TrySearch, asked, consents, purposes, voices } from "./trying";

const route = getRouteApi("/compliance/try");

/** Would a call to this number at that time be allowed, and why: the permit itself answers. */
export default function Try() {
  useTitle("Try a number");
  const search = route.useSearch();
  const question = asked(search);
  const { data, error, refetch, isFetching } = useQuery({ ...supposeQuery(question ?? { number: "" }), enabled: question !== undefined });
  return (
    <>
      <Title order={1} mb="sm">Compliance</Title>
      <ComplianceSections />
      <Question key={JSON.stringify(search)} search={search} busy={isFetching} again={() => void refetch()} />
      {!question ? (
        <section className={`card ${classes.file}`} style={{ marginTop: 16 }}>
          <EmptyState icon={IconGavel} title="Type a number">
            The permit that stands before every call judges one to this number, at the time you name: in every zone the person may be in, by every rule in force, with what the books know of the number. Nothing is called, and nothing is stored.
          </EmptyState>
        </section>
      ) : data ? <Answer s={data} /> : error ? <section className="card" style={{ marginTop: 16 }}><ErrorState what="the verdict" error={error} retry={() => void refetch()} /></section> : <Skeleton h={240} mt="md" />}
    </>
  );
}

function Question({ search, busy, again }: { search: TrySearch; busy: boolean; again: () => void }) {
  const go = route.useNavigate();
  const [s, set] = useState<TrySearch>(search);
  const [number, setNumber] = useState(search.number ?? "");
  const [wrong, setWrong] = useState(false);
  const cadences = (useQuery(cadenceNamesQuery).data ?? []).filter((c) => c.version > 0);
  const submit = (e: SyntheticEvent) => {
    e.preventDefault();
    const tidy = asNumber(number);
    setWrong(!tidy);
    if (!tidy) return;
    const next = { ...s, number: tidy };
    if (JSON.stringify(next) === JSON.stringify(search)) again();
    else void go({ search: next });
  };
  const zone = useZone();
  const zones = [{ value: "", label: "The person's" }, ...[...new Set([zone, "UTC"])].map((z) => ({ value: z, label: z }))];
  const options = (all: Record<string, string>) => Object.entries(all).map(([value, label]) => ({ value, label }));
  return (
    <section className="card" aria-label="The call in question">
      <form className={classes.form} onSubmit={submit} noValidate>
        <TextInput label="Number" required placeholder="+13035550100" inputMode="tel" value={number} error={wrong ? "With + and country code" : undefined} onChange={(e) => setNumber(e.currentTarget.value)} />
        <TextInput label="Time" type="datetime-local" description="Empty is now" value={s.at ?? ""} onChange={(e) => set({ ...s, at: e.currentTarget.value || undefined })} />
        <NativeSelect label="Time zone" description="In which that time is meant" data={zones} value={s.zone ?? ""} onChange={(e) => set({ ...s, zone: e.currentTarget.value || undefined })} />
        <NativeSelect label="Cadence" description="Brings its purpose, voice and hours" data={[{ value: "", label: "None" }, ...cadences.map((c) => ({ value: c.id, label: c.name }))]} value={s.cadence ?? ""}
          onChange={(e) => set({ ...s, cadence: e.currentTarget.value || undefined, purpose: undefined, voice: undefined })} />
        <NativeSelect label="Purpose" data={options(purposes)} disabled={Boolean(s.cadence)} value={s.purpose ?? "sales"} onChange={(e) => set({ ...s, purpose: e.currentTarget.value as TrySearch["purpose"] })} />
        <NativeSelect label="Who speaks" data={options(voices)} disabled={Boolean(s.cadence)} value={s.voice ?? "live"} onChange={(e) => set({ ...s, voice: e.currentTarget.value as TrySearch["voice"] })} />
        <TextInput label="State" description="Of the address, such as FL" value={s.state ?? ""} onChange={(e) => set({ ...s, state: e.currentTarget.value || undefined })} />
        <TextInput label="Postal code" description="Of the address" value={s.postal ?? ""} onChange={(e) => set({ ...s, postal: e.currentTarget.value || undefined })} />
        <details className={classes.wide} open={Boolean(s.consents)}>
          <summary>As if the person had agreed</summary>
          <Checkbox.Group label="Taken to be on record" description="Beside what is" mt="xs" value={s.consents ?? []} onChange={(v) => set({ ...s, consents: v.length > 0 ? (v as TrySearch["consents"]) : undefined })}>
            <Group gap="lg" mt={6}>{options(consents).map((c) => <Checkbox key={c.value} value={c.value} label={c.label} />)}</Group>
          </Checkbox.Group>
        </details>
        <Group className={classes.wide}><Button type="submit" loading={busy}>Judge it</Button></Group>
      </form>
    </section>
  );
}

function Answer({ s }: { s: Supposition }) {
  const title = { allow: "Allowed", defer: "Not yet", block: "Not allowed" }[s.answer];
  return (
    <>
      <Notice tone={s.answer === "allow" ? "good" : s.answer === "defer" ? "warn" : "bad"} mt="md" role="status" title={title}>
        {s.message ? <>{sentence(s.message)} <code className={classes.rule}>{s.rule}</code></> : "No rule stands in the way."}
        {s.not_after && <> The call must be placed before {instant(s.not_after, s.zones[0]?.zone)}.</>}
        {s.answer !== "allow" && (s.next_eligible ? <> First allowed: <strong className="num">{wall(s.next_eligible.local)}</strong> ({s.next_eligible.zone}), {instant(s.next_eligible.at)} here.</> : <> It does not become allowed by itself.</>)}
      </Notice>
      <section className={`card ${classes.part}`} aria-labelledby="rests">
        <Title order={2} id="rests">What it rests on</Title>
        <dl className={classes.facts}>
          <div><dt>Time</dt><dd className="num">{instant(s.at)}</dd></div>
          {s.zones.map((z) => <div key={z.zone}><dt>{z.zone}</dt><dd className="num">{wall(z.local)}</dd></div>)}
          {s.zones.length === 0 && <div><dt>Zones</dt><dd>None is known</dd></div>}
          <div><dt>Laws of</dt><dd>{s.jurisdictions.map((j) => <Badge key={j} variant="default" tt="none" fw={500} mr={4}>{j}</Badge>)}</dd></div>
          <div><dt>Call</dt><dd>{purposes[s.purpose as keyof typeof purposes] ?? s.purpose}, {(voices[s.voice as keyof typeof voices] ?? s.voice).toLowerCase()}</dd></div>
          <div><dt>In the books</dt><dd>{s.number.known ? [plural(s.number.calls_24h, "call") + " in the 24 hours before", s.number.dnc && "a do-not-call mark", s.number.retired && "retired", s.number.open_attempt && "a call is open"].filter(Boolean).join(", ") : "Nobody has this number"}</dd></div>
          <div><dt>Evidence</dt><dd>{s.number.consents.length > 0 ? s.number.consents.join(", ") : "None"}</dd></div>
          <div><dt>Packs</dt><dd><code title={s.packs ?? undefined}>{s.packs?.slice(0, 12) ?? "none in force"}</code></dd></div>
        </dl>
        <Text size="sm" c="dimmed" mt="sm">House and cadence are taken to dial, the lead to be enrolled, a caller ID and money to be there. Calls to other numbers of the person are not known here; they count in caps per person.</Text>
      </section>
      <Looked s={s} />
    </>
  );
}

function Looked({ s }: { s: Supposition }) {
  const judged = s.trace.filter((c) => !c.duty);
  return (
    <section className={`card ${classes.part}`} aria-labelledby="trace">
      <Group gap="md" align="baseline" mb={4}>
        <Title order={2} id="trace">Every rule that was looked at</Title>
        <Text size="sm" c="dimmed">{plural(judged.filter((c) => c.result !== "allow").length, "rule")} of {judged.length} in the way</Text>
      </Group>
      <Trace checks={s.trace} />
    </section>
  );
}
