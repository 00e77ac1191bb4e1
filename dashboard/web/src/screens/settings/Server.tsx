import { Badge, Button, Checkbox, Group, Skeleton, Table, Text, TextInput, Title } from "@mantine/core";
import { IconCircleCheck, IconPlugConnected, IconSearchOff, IconX } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useMay } from "../../api/me";
import { type AccountReport, type Settings, checkAccount, settingsQuery } from "../../api/settings";
import { Notice } from "../../components/Notice";
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

function Findings({ report }: { report: AccountReport }) {
  const bad = report.findings.filter((f) => !f.ok).length;
  return (
    <>
      <div style={{ padding: "6px 18px 0" }}>
        <Notice tone={report.ok ? "good" : "bad"} role="status" title={report.ok ? "All is well" : `${plural(bad, "finding")} to look at`}>Checked {instant(report.checked_at)}.</Notice>
      </div>
      <Table.ScrollContainer type="native" tabIndex={0} pos="relative" minWidth={640} mt="xs">
        <Table className="rows" horizontalSpacing="md">
          <Table.Thead><Table.Tr><Table.Th>What</Table.Th><Table.Th>Well</Table.Th><Table.Th>Found</Table.Th><Table.Th>What to do</Table.Th></Table.Tr></Table.Thead>
          <Table.Tbody>
            {report.findings.map((f) => (
              <Table.Tr key={f.name} data-finding={f.ok}>
                <Table.Td>{f.name}</Table.Td>
                <Table.Td>{f.ok ? <IconCircleCheck size={18} color="var(--app-good)" aria-label="yes" /> : <IconX size={18} color="var(--app-bad)" aria-label="no" />}</Table.Td>
                <Table.Td className={classes.value}>{f.detail}</Table.Td>
                <Table.Td className={classes.value}>{f.remedy ? sentence(f.remedy) : "–"}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}

function Retention({ rows }: { rows: Settings["retention"] }) {
  return (
    <section className={`card ${classes.file}`} aria-labelledby="retention">
      <div className={classes.head}><Title order={2} id="retention">How long things are kept</Title><Text size="sm" c="dimmed">Fixed in this release. Backups, and files of your own, are for whoever keeps them.</Text></div>
      <Table.ScrollContainer type="native" tabIndex={0} pos="relative" minWidth={560}>
        <Table className="rows" horizontalSpacing="md">
          <Table.Thead><Table.Tr><Table.Th>What</Table.Th><Table.Th>How long</Table.Th></Table.Tr></Table.Thead>
          <Table.Tbody>{rows.map((r) => <Table.Tr key={r.what}><Table.Td>{r.what}</Table.Td><Table.Td>{r.seconds === null ? sentence(r.until) : `${lengthWords(r.seconds)}; ${r.until}`}</Table.Td></Table.Tr>)}</Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </section>
  );
}

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
        <Table.ScrollContainer type="native" tabIndex={0} pos="relative" minWidth={760}>
          <Table className="rows" horizontalSpacing="md" layout="fixed">
            <Table.Thead><Table.Tr><Table.Th w="28%">Key</Table.Th><Table.Th w="28%">Value</Table.Th><Table.Th>What it is</Table.Th></Table.Tr></Table.Thead>
            <Table.Tbody>
              {rows.map((s) => (
                <Table.Tr key={s.key}>
                  <Table.Td style={{ verticalAlign: "top" }}><code>{s.key}</code><Text size="xs" c="dimmed" className={classes.value}>{s.env}</Text></Table.Td>
                  <Table.Td style={{ verticalAlign: "top" }} className={classes.value}>{s.value ? <div className={s.value.length > 200 ? classes.long : undefined} tabIndex={s.value.length > 200 ? 0 : undefined}>{s.value}</div> : <Text span size="sm" c="dimmed">empty</Text>}{!s.default && <Badge mt={4} variant="default" tt="none" fw={500}>changed</Badge>}</Table.Td>
                  <Table.Td style={{ verticalAlign: "top" }}><Text size="sm">{s.about || "–"}</Text></Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </section>
  );
}
