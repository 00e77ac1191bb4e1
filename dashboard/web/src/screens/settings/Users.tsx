import { Badge, Button, Group, Menu, NativeSelect, Skeleton, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconDots, IconUserPlus, IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ask, client } from "../../api/client";
import { type Role, type User, meQuery, useDeed, usersQuery } from "../../api/me";
import { Dialog } from "../../components/Dialog";
import { Cell, type Column, Row, Rows } from "../../components/Rows";
import { EmptyState, ErrorState, StaleAlert } from "../../components/States";
import { instant } from "../../lib/time";
import { useTitle } from "../../lib/useTitle";
import { Grants } from "./Grants";
import { ShownOnce } from "./ShownOnce";

const roles: { value: Role; label: string }[] = [
  { value: "owner", label: "Owner: everything" },
  { value: "manager", label: "Manager: cadences, leads and dialing" },
  { value: "agent", label: "Agent: outcomes of calls" },
  { value: "ops", label: "Ops: keeps the machine going, sees no people" },
  { value: "viewer", label: "Viewer: figures and cadences" },
  { value: "custom", label: "Custom: chosen grants" },
];

const c = {
  name: { name: "Name" }, email: { name: "E-mail", wide: true }, role: { name: "Role" }, state: { name: "State" }, seen: { name: "Last sign-in" }, deeds: { name: "Actions", deeds: true, silent: true },
} satisfies Record<string, Column>;

/** Who may sign in, and what they may do. */
export default function Users() {
  useTitle("Users");
  const list = useQuery(usersQuery);
  const [inviting, setInviting] = useState(false);
  const [changing, setChanging] = useState<User>();
  const [link, setLink] = useState<{ name: string; url: string }>();
  const shown = (a: { user: User; path: string }) => {
    setLink({ name: a.user.name, url: location.origin + a.path });
    return "Send them the link.";
  };
  return (
    <>
      <Group justify="space-between" mb="md">
        <Title order={1}>Users</Title>
        <Button leftSection={<IconUserPlus size={16} aria-hidden />} onClick={() => setInviting(true)}>Invite</Button>
      </Group>
      {list.error && list.data && <StaleAlert error={list.error} since={list.dataUpdatedAt} retry={() => void list.refetch()} />}
      <section className="card" aria-label="Users">
        {!list.data ? list.error ? <ErrorState what="the users" error={list.error} retry={() => void list.refetch()} /> : <Skeleton h={180} m="md" /> : list.data.items.length === 0 ? (
          <EmptyState icon={IconUsers} title="No users yet">This server runs without sign-in. Users count once it is started with <code>sign_in: required</code>.</EmptyState>
        ) : (
          <Rows of="Users" columns={Object.values(c)} minWidth={720}>{list.data.items.map((u) => <One key={u.id} user={u} change={() => setChanging(u)} shown={shown} />)}</Rows>
        )}
      </section>
      {inviting && <Invite close={() => setInviting(false)} shown={shown} />}
      {changing && <ChangeRole user={changing} close={() => setChanging(undefined)} />}
      {link && <ShownOnce title={`A link for ${link.name}`} secret={link.url} close={() => setLink(undefined)}>Send this address to them, and to nobody else. With it they choose a password. It is shown this once, works once, and for seven days.</ShownOnce>}
    </>
  );
}

function One({ user, change, shown }: { user: User; change: () => void; shown: (a: { user: User; path: string }) => string }) {
  const { data: me } = useQuery(meQuery);
  const path = { params: { path: { id: user.id } } };
  const able = useDeed("users", user.disabled ? "User enabled" : "User disabled", (disabled: boolean) => ask(client.PATCH("/v1/users/{id}", { ...path, body: { disabled } })), (u) => u.disabled ? `${u.name} is signed out and cannot sign in.` : `${u.name} can sign in again.`);
  const link = useDeed("users", "Link made", () => ask(client.POST("/v1/users/{id}/link", path)), shown);
  const out = useDeed("users", "Signed out", () => ask(client.DELETE("/v1/users/{id}/sessions", path)), () => `${user.name} is signed out everywhere.`);
  return (
    <Row data-user={user.email}>
      <Cell of={c.name}>{user.name}{me?.user?.id === user.id && <Text span inherit c="dimmed"> (you)</Text>}</Cell>
      <Cell of={c.email}>{user.email}</Cell>
      <Cell of={c.role}>{user.role}</Cell>
      <Cell of={c.state}>{user.disabled ? <Badge variant="default">Disabled</Badge> : user.invited ? <Badge variant="default">{user.link_until ? "Invited" : "Link expired"}</Badge> : "Active"}</Cell>
      <Cell of={c.seen}>{user.signed_in_at ? instant(user.signed_in_at) : "Never"}</Cell>
      <Cell of={c.deeds}>
        <Menu position="bottom-end">
          <Menu.Target><Button size="compact-sm" variant="default" aria-label={`Actions for ${user.name}`}><IconDots size={16} aria-hidden /></Button></Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={change}>Change the role</Menu.Item>
            {!user.disabled && <Menu.Item onClick={() => link.mutate(undefined)}>{user.invited ? "Make a new link" : "Make a link to reset the password"}</Menu.Item>}
            <Menu.Item onClick={() => out.mutate(undefined)}>Sign out everywhere</Menu.Item>
            <Menu.Item onClick={() => able.mutate(!user.disabled)}>{user.disabled ? "Enable" : "Disable"}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Cell>
    </Row>
  );
}

function Invite({ close, shown }: { close: () => void; shown: (a: { user: User; path: string }) => string }) {
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const [grants, setGrants] = useState<string[]>([]);
  const invite = useDeed("users", "User invited", () => ask(client.POST("/v1/users", { body: { name, email, role, ...(role === "custom" ? { grants } : {}) } })), (a) => {
    close();
    return shown(a);
  });
  return (
    <Dialog onClose={close} title="Invite a user" centered>
      <form onSubmit={(e) => { e.preventDefault(); invite.mutate(undefined); }}>
        <Stack gap="sm">
          <TextInput label="Name" required data-autofocus value={name} onChange={(e) => setName(e.currentTarget.value)} />
          <TextInput label="E-mail" type="email" required value={email} onChange={(e) => setEmail(e.currentTarget.value)} />
          <NativeSelect label="Role" data={roles} value={role} onChange={(e) => setRole(e.currentTarget.value as Role)} />
          {role === "custom" && <Grants label="They may" value={grants} set={setGrants} />}
          <Group justify="flex-end"><Button variant="default" onClick={close}>Cancel</Button><Button type="submit" loading={invite.isPending}>Invite</Button></Group>
        </Stack>
      </form>
    </Dialog>
  );
}

function ChangeRole({ user, close }: { user: User; close: () => void }) {
  const [role, setRole] = useState<Role>(user.role);
  const [grants, setGrants] = useState<string[]>(user.grants);
  const change = useDeed("users", "Role changed", () => ask(client.PATCH("/v1/users/{id}", { params: { path: { id: user.id } }, body: { role, ...(role === "custom" ? { grants } : {}) } })), (u) => {
    close();
    return `${u.name} signs in again with what they may do now.`;
  });
  return (
    <Dialog onClose={close} title={`What may ${user.name} do?`} centered>
      <form onSubmit={(e) => { e.preventDefault(); change.mutate(undefined); }}>
        <Stack gap="sm">
          <NativeSelect label="Role" data={roles} value={role} onChange={(e) => setRole(e.currentTarget.value as Role)} />
          {role === "custom" && <Grants label="They may" value={grants} set={setGrants} />}
          <Group justify="flex-end"><Button variant="default" onClick={close}>Cancel</Button><Button type="submit" loading={change.isPending}>Change</Button></Group>
        </Stack>
      </form>
    </Dialog>
  );
}
