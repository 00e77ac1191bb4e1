import { Badge, Button, Group, PasswordInput, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconDeviceDesktop } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ask, client, explain } from "../../api/client";
import { meQuery, sessionsQuery, useDeed } from "../../api/me";
import { Notice } from "../../components/Notice";
import { Cell, type Column, Row, Rows } from "../../components/Rows";
import { EmptyState, ErrorState } from "../../components/States";
import { agentName } from "../../lib/agent";
import { instant } from "../../lib/time";
import { good } from "../../lib/notify";
import { useTitle } from "../../lib/useTitle";
import { NewPassword } from "../signin/Setup";

/** One's own password, and where one is signed in. */
export default function Account() {
  useTitle("Account");
  const { data: me } = useQuery(meQuery);
  if (!me) return null;
  if (!me.user)
    return (
      <EmptyState icon={IconDeviceDesktop} title="Nobody is signed in" order={1}>
        {me.sign_in === "none" ? "This server runs without sign-in: whoever is at this computer may do everything." : "This page is about a person who signed in."}
      </EmptyState>
    );
  return (
    <Stack gap="lg">
      <div>
        <Title order={1}>{me.name}</Title>
        <Text c="dimmed">{me.user.email} · {me.user.role}</Text>
      </div>
      <Password />
      <Sessions />
    </Stack>
  );
}

function Password() {
  const queries = useQueryClient();
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const change = useMutation({
    mutationFn: () => ask(client.POST("/v1/me/password", { body: { current, password } })),
    onSuccess: () => {
      good("Your password is changed", "All other places where you were signed in are signed out.");
      setCurrent("");
      setPassword("");
      void queries.invalidateQueries({ queryKey: ["sessions"] });
    },
  });
  return (
    <form className="card" style={{ padding: 20, maxWidth: 460 }} onSubmit={(e) => { e.preventDefault(); change.mutate(); }}>
      <Stack gap="sm">
        <Title order={2} size="h3">Change your password</Title>
        <PasswordInput label="Password now" autoComplete="current-password" required value={current} onChange={(e) => setCurrent(e.currentTarget.value)} />
        <NewPassword label="New password" value={password} set={setPassword} />
        {change.error && <Notice tone="bad" role="alert">{explain(change.error).message}</Notice>}
        <Group><Button type="submit" loading={change.isPending}>Change it</Button></Group>
      </Stack>
    </form>
  );
}

const c = {
  agent: { name: "Browser" }, from: { name: "From" }, created: { name: "Signed in" }, seen: { name: "Last seen" }, deeds: { name: "Actions", deeds: true, silent: true },
} satisfies Record<string, Column>;

function Sessions() {
  const list = useQuery(sessionsQuery);
  const end = useDeed("sessions", "Session ended", (id: string) => ask(client.DELETE("/v1/me/sessions/{id}", { params: { path: { id } } })), () => "It is signed out.");
  return (
    <section className="card" aria-label="Sessions">
      <Title order={2} size="h3" px={18} pt={16} pb={6}>Where you are signed in</Title>
      {!list.data ? list.error ? <ErrorState what="your sessions" error={list.error} retry={() => void list.refetch()} /> : <Skeleton h={80} m="md" /> : (
        <Rows of="Sessions" columns={Object.values(c)} minWidth={560}>
          {list.data.items.map((s) => (
            <Row key={s.id}>
              <Cell of={c.agent} maw={380}><Text size="sm" truncate title={s.agent}>{agentName(s.agent) || "Not told"}</Text></Cell>
              <Cell of={c.from}>{s.from}</Cell>
              <Cell of={c.created}>{instant(s.created_at)}</Cell>
              <Cell of={c.seen}>{instant(s.seen_at)}</Cell>
              <Cell of={c.deeds}>{s.current ? <Badge variant="default">This one</Badge> : <Button size="compact-sm" variant="default" onClick={() => end.mutate(s.id)}>Sign out</Button>}</Cell>
            </Row>
          ))}
        </Rows>
      )}
    </section>
  );
}
