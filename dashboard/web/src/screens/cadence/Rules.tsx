import { Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import type { CadenceDocument, Schemas } from "../../api/client";
import { plural, words } from "../../lib/format";
import { spanWords } from "../../lib/time";
import classes from "./Cadence.module.css";
import { RouteList } from "./RouteList";

/** Everything around the steps: hours, connect, runs, entry and exit. */
export function Rules({ document: d }: { document: CadenceDocument }) {
  return (
    <section className="card" aria-labelledby="rules">
      <div className={classes.head}><Title order={2} id="rules">Timing and rules</Title></div>
      <dl className={classes.rules}>
        <Rule name="Calling hours"><Hours restrictions={d.time_restrictions} /></Rule>
        {(d.caps?.lead?.length || d.caps?.daily) && <Rule name="Caps"><Caps caps={d.caps} /></Rule>}
        <Rule name="Answered calls go to"><Targets connect={d.connect ?? []} /></Rule>
        <Rule name="Runs">{runs(d)}</Rule>
        <Rule name="Entering again">{!d.re_entry || d.re_entry === "never" ? "Never" : words(d.re_entry)}</Rule>
        <Rule name="A lead leaves when"><Exits exits={d.exit_when ?? []} /></Rule>
        {d.routes && d.routes.length > 0 && <Rule name="Routes of every step"><RouteList routes={d.routes} /></Rule>}
        {d.campaign && <Rule name="Campaign">{d.campaign}</Rule>}
        {d.seller && <Rule name="Seller">{d.seller}</Rule>}
      </dl>
    </section>
  );
}

function Rule({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Hours({ restrictions: r }: { restrictions: CadenceDocument["time_restrictions"] }) {
  const windows = r?.windows ?? [];
  return (
    <>
      {windows.length === 0 ? "Any hour the law allows" : windows.map((w, i) => (
        <div key={i} className="num">{w.days?.length ? w.days.map(words).join(", ") : "Every day"}, {w.from}–{w.to}</div>
      ))}
      <Text size="xs" c="dimmed">
        {!r?.zone || r.zone === "lead" ? "In the called person's own time zone" : `In ${r.zone}`}{r?.holidays ? ", not on public holidays" : ""}
      </Text>
    </>
  );
}

function Caps({ caps: c }: { caps: NonNullable<CadenceDocument["caps"]> }) {
  return (
    <>
      {c.lead?.map((one, i) => <div key={i} className="num">{plural(one.max, "call")} {one.per === "day" ? "a day to one lead" : `in ${spanWords(one.per)} to one lead`}</div>)}
      {c.daily ? <div className="num">{plural(c.daily, "call")} a day of the house, to all leads</div> : null}
    </>
  );
}

function Targets({ connect }: { connect: readonly Schemas["Connect"][] }) {
  if (connect.length === 0) return <>Nowhere yet: it cannot be published</>;
  return <ol className={classes.targets}>{connect.map((c, i) => <li key={i}>{target(c)}</li>)}</ol>;
}

function target(c: Schemas["Connect"]): ReactNode {
  const ring = c.ring_timeout ? `, ring for ${spanWords(c.ring_timeout)}` : "";
  if (c.to === "number") return <>Number {c.number}{ring}</>;
  if (c.to === "sip") return <>SIP address {c.sip}{ring}</>;
  if (c.to !== "message") return <>{words(c.to)}{ring}</>;
  const keys = Object.entries(c.gather ?? {});
  return (
    <>
      Message “{c.text || c.audio}”
      {keys.length > 0 && <Text size="xs" c="dimmed">{keys.map(([k, code]) => `${k} means ${code}`).join(" · ")}</Text>}
    </>
  );
}

function runs(d: CadenceDocument): string {
  const times = d.runs.max > 1 ? `${plural(d.runs.max, "run")}, ${spanWords(d.runs.gap)} apart` : "One run";
  switch (d.runs.then) {
    case "restart":
      return `${times}, then again from the first step`;
    case "transition":
      return `${times}, then on to “${d.runs.transition_to}”`;
    case "reenroll":
      return `${times}, then enrolled again`;
    default:
      return `${times}, then idle`;
  }
}

function Exits({ exits }: { exits: NonNullable<CadenceDocument["exit_when"]> }) {
  if (exits.length === 0) return <>The steps are done, or a route says so</>;
  return <ul className={classes.routes}>{exits.map((e, i) => <li key={i}>{e.signal ? `${words(e.signal)} is signalled` : <code>{e.if}</code>}</li>)}</ul>;
}
