import { Badge, Button, Checkbox, Group, Skeleton, Text, TextInput, Title } from "@mantine/core";
import { IconCircleCheck, IconPlugConnected, IconSearchOff, IconX } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useMay } from "../../api/me";
import { type AccountReport, type Settings, checkAccount, settingsQuery } from "../../api/settings";
import { Notice } from "../../components/Notice";
import { Cell, type Column, Row, Rows } from "../../components/Rows";
import { EmptyState, ErrorState } from "../../components/States";
import { plural, sentence } from "../../lib/format";
import { refused } from "../../lib/notify";
import { instant, lengthWords } from "../../lib/time";
import { useTitle } from "../../lib/useTitle";
import classes from "../compliance/Compliance.module.css";

/** The carrier's account, what is kept how long, and the configuration that the server was started with. */
export default function Server() {
  useTitle("Carrier and server");
  const { data, error, refetch } = useQuery(settingsQuery);
  return (
    <>
      <Title order={1} mb="md">Carrier and server</Title>
      {data ? (
        <>
          {data.account_check && <Account />}
          <Retention rows={data.retention} />
          <Configuration settings={data.settings} />
        </>
      ) : error ? <section className="card"><ErrorState what="the settings" error={error} retry={() => void refetch()} /></section> : <section className="card" style={{ padding: 18 }} aria-busy="true"><Skeleton h={28} mb={12} /><Skeleton h={200} /></section>}
    </>
  );
}

function Account() {
  const may = useMay();
  const check = useMutation({ mutationFn: checkAccount, onError: (e) => refused("The account was not checked", e) });
  return (
    <section className={`card ${classes.file}`} aria-labelledby="account">
      <Group className={classes.head} justify="space-between">
        <Title order={2} id="account">Twilio account</Title>
        {may("ops.manage") && <Button size="compact-md" loading={check.isPending} leftSection={<IconPlugConnected size={16} aria-hidden />} onClick={() => check.mutate()}>{check.data ? "Check again" : "Check it now"}</Button>}
      </Group>
      {check.data ? <Findings report={check.data} /> : (
        <Text size="sm" c="dimmed" px={18} pb={16}>
          Asks the carrier about credentials, the caller IDs and where calls to them go, permission to call each country, and whether this server reaches itself through its public URL. It places no call and changes nothing.
          {!may("ops.manage") && " It takes the grant ops.manage."}
        </Text>
      )}
    </section>
  );
}

const found = {
  what: { name: "What" }, well: { name: "Well" }, found: { name: "Found", wide: true }, remedy: { name: "What to do", wide: true },
} satisfies Record<string, Column>;

function Findings({ report }: { report: AccountReport }) {
  const bad = report.findings.filter((f) => !f.ok).length;
  return (
    <>
      <div style={{ padding: "6px 18px 0" }}>
        <Notice tone={report.ok ? "good" : "bad"} role="status" title={report.ok ? "All is well" : `${plural(bad, "finding")} to look at`}>Checked {instant(report.checked_at)}.</Notice>
      </div>
      <Rows of="Findings" columns={Object.values(found)} minWidth={640}>
        {report.findings.map((f) => (
          <Row key={f.name} data-finding={f.ok}>
            <Cell of={found.what} className={classes.value}>{f.name}</Cell>
            <Cell of={found.well}>{f.ok ? <IconCircleCheck size={18} color="var(--app-good)" aria-label="yes" /> : <IconX size={18} color="var(--app-bad)" aria-label="no" />}</Cell>
            <Cell of={found.found} className={classes.value}>{f.detail}</Cell>
            <Cell of={found.remedy} className={classes.value}>{f.remedy ? sentence(f.remedy) : "–"}</Cell>
          </Row>
        ))}
      </Rows>
    </>
  );
}

const kept = { what: { name: "What" }, long: { name: "How long", wide: true } } satisfies Record<string, Column>;

function Retention({ rows }: { rows: Settings["retention"] }) {
  return (
    <section className={`card ${classes.file}`} aria-labelledby="retention">
      <div className={classes.head}><Title order={2} id="retention">How long things are kept</Title><Text size="sm" c="dimmed">Fixed in this release. Backups, and files of your own, are for whoever keeps them.</Text></div>
      <Rows of="How long things are kept" columns={Object.values(kept)} minWidth={560}>
        {rows.map((r) => (
          <Row key={r.what}>
            <Cell of={kept.what}>{r.what}</Cell>
            <Cell of={kept.long}>{r.seconds === null ? sentence(r.until) : `${lengthWords(r.seconds)}; ${r.until}`}</Cell>
          </Row>
        ))}
      </Rows>
    </section>
  );
}

const said = { key: { name: "Key" }, value: { name: "Value", wide: true }, about: { name: "What it is", wide: true } } satisfies Record<string, Column>;

function Configuration({ settings }: { settings: Settings["settings"] }) {
  const [q, setQ] = useState("");
  const [changed, setChanged] = useState(false);
  const wanted = q.trim().toLowerCase();
  const rows = settings.filter((s) => (!changed || !s.default) && (!wanted || `${s.key} ${s.about}`.toLowerCase().includes(wanted)));
  return (
    <section className={`card ${classes.file}`} aria-labelledby="configuration">
      <div className={classes.head}><Title order={2} id="configuration">Configuration</Title><Text size="sm" c="dimmed">As the server was started: a file, over it the environment, over it flags. Of a secret only whether it is set.</Text></div>
      <Group px={18} pb="sm" align="flex-end" gap="lg">
        <TextInput label="Search" placeholder="Key or words" value={q} onChange={(e) => setQ(e.currentTarget.value)} />
        <Checkbox mb={8} label="Only what differs from the default" checked={changed} onChange={(e) => setChanged(e.currentTarget.checked)} />
        <Text size="sm" c="dimmed" mb={8} role="status">{plural(rows.length, "key")}</Text>
      </Group>
      {rows.length === 0 ? <EmptyState icon={IconSearchOff} title={settings.length === 0 ? "Nothing was told" : "No key matches"}>{settings.length === 0 ? "This server tells nothing of its configuration." : "No key or explanation has these words."}</EmptyState> : (
        <Rows of="Configuration" columns={Object.values(said)} minWidth={760}>
          {rows.map((s) => (
            <Row key={s.key}>
              <Cell of={said.key} valign="top" w="28%"><code>{s.key}</code><Text size="xs" c="dimmed" className={classes.value}>{s.env}</Text></Cell>
              <Cell of={said.value} valign="top" w="28%" className={classes.value}>{s.value ? <div className={s.value.length > 200 ? classes.long : undefined} tabIndex={s.value.length > 200 ? 0 : undefined}>{s.value}</div> : <Text span size="sm" c="dimmed">empty</Text>}{!s.default && <Badge mt={4} variant="default" tt="none" fw={500}>changed</Badge>}</Cell>
              <Cell of={said.about} valign="top"><Text size="sm">{s.about || "–"}</Text></Cell>
            </Row>
          ))}
        </Rows>
      )}
    </section>
  );
}
