import { Button, Group, NativeSelect, Skeleton, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ask, client } from "../../api/client";
import { type ApiKey, keysQuery, useDeed } from "../../api/me";
import { Dialog } from "../../components/Dialog";
import { Irreversible } from "../../components/Irreversible";
import { Cell, type Column, Row, Rows } from "../../components/Rows";
import { EmptyState, ErrorState, StaleAlert } from "../../components/States";
import { instant } from "../../lib/time";
import { useTitle } from "../../lib/useTitle";
import { Grants } from "./Grants";
import { ShownOnce } from "./ShownOnce";

const days = [{ value: "30", label: "30 days" }, { value: "90", label: "90 days" }, { value: "365", label: "A year" }, { value: "", label: "Never" }];

const c = {
  name: { name: "Name" }, may: { name: "May", wide: true }, created: { name: "Created" }, expires: { name: "Expires" }, seen: { name: "Last used" }, deeds: { name: "Actions", deeds: true, silent: true },
} satisfies Record<string, Column>;

/** The keys by which programs come in. */
export default function Keys() {
  useTitle("API keys");
  const list = useQuery(keysQuery);
  const [making, setMaking] = useState(false);
  const [secret, setSecret] = useState<{ name: string; token: string }>();
  const create = <Button leftSection={<IconKey size={16} aria-hidden />} onClick={() => setMaking(true)}>Create a key</Button>;
  return (
    <>
      <Group justify="space-between" mb="md"><Title order={1}>API keys</Title>{create}</Group>
      {list.error && list.data && <StaleAlert error={list.error} since={list.dataUpdatedAt} retry={() => void list.refetch()} />}
      <section className="card" aria-label="API keys">
        {!list.data ? list.error ? <ErrorState what="the keys" error={list.error} retry={() => void list.refetch()} /> : <Skeleton h={180} m="md" /> : list.data.items.length === 0 ? (
          <EmptyState icon={IconKey} title="No keys yet">A program that talks to this server sends a key with the grants it needs, and no more.</EmptyState>
        ) : (
          <Rows of="API keys" columns={Object.values(c)} minWidth={760}>{list.data.items.map((k) => <One key={k.id} k={k} />)}</Rows>
        )}
      </section>
      {making && <Create close={() => setMaking(false)} made={(name, token) => setSecret({ name, token })} />}
      {secret && <ShownOnce title={`The key “${secret.name}”`} secret={secret.token} close={() => setSecret(undefined)}>Keep it where the program finds it. It is shown this once; the server keeps only its hash. Send it as “Authorization: Bearer”, or set CARILLON_KEY for the command line.</ShownOnce>}
    </>
  );
}

function One({ k }: { k: ApiKey }) {
  const revoke = useDeed("keys", "Key revoked", () => ask(client.DELETE("/v1/keys/{id}", { params: { path: { id: k.id } } })), () => `“${k.name}” opens nothing any more.`);
  const [asking, setAsking] = useState(false);
  return (
    <Row data-key={k.name}>
      <Cell of={c.name}>{k.name}</Cell>
      <Cell of={c.may}><Text size="sm" maw={320}>{k.grants.join(", ")}</Text></Cell>
      <Cell of={c.created}>{instant(k.created_at)}</Cell>
      <Cell of={c.expires}>{k.expires_at ? instant(k.expires_at) : "Never"}</Cell>
      <Cell of={c.seen}>{k.seen_at ? instant(k.seen_at) : "Never"}</Cell>
      <Cell of={c.deeds}>{k.revoked_at ? <Text size="sm" c="dimmed">Revoked</Text> : <Button size="compact-sm" variant="default" aria-label={`Revoke ${k.name}`} onClick={() => setAsking(true)}>Revoke…</Button>}
        {asking && (
          <Irreversible title={`Revoke “${k.name}”?`} type={k.name} button="Revoke it" busy={revoke.isPending} close={() => setAsking(false)} confirm={() => revoke.mutate(undefined, { onSettled: () => setAsking(false) })}>
            <Text size="sm">Programs that send it are refused from that moment, and nothing brings it back. A new key has to be given to them.</Text>
          </Irreversible>
        )}
      </Cell>
    </Row>
  );
}

function Create({ close, made }: { close: () => void; made: (name: string, token: string) => void }) {
  const [name, setName] = useState("");
  const [grants, setGrants] = useState<string[]>([]);
  const [lasts, setLasts] = useState("90");
  const create = useDeed("keys", "Key created", () => {
    const expires = lasts === "" ? {} : { expires_at: new Date(Date.now() + Number(lasts) * 86_400_000).toISOString() };
    return ask(client.POST("/v1/keys", { body: { name, grants, ...expires } }));
  }, (a) => {
    close();
    made(a.key.name, a.token);
    return "Copy it now.";
  });
  return (
    <Dialog onClose={close} title="Create an API key" centered>
      <form onSubmit={(e) => { e.preventDefault(); create.mutate(undefined); }}>
        <Stack gap="sm">
          <TextInput label="Name" description="What it is for" required data-autofocus value={name} onChange={(e) => setName(e.currentTarget.value)} />
          <NativeSelect label="Expires after" data={days} value={lasts} onChange={(e) => setLasts(e.currentTarget.value)} />
          <Grants label="It may" value={grants} set={setGrants} />
          <Group justify="flex-end"><Button variant="default" onClick={close}>Cancel</Button><Button type="submit" loading={create.isPending} disabled={grants.length === 0}>Create</Button></Group>
        </Stack>
      </form>
    </Dialog>
  );
}
