import { ActionIcon, Menu } from "@mantine/core";
import { IconDeviceMobile, IconKey, IconListDetails, IconLogout, IconPhoneCall, IconServer, IconUser, IconUserCircle, IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { meQuery, useMay, useSignOut } from "../api/me";

/** Who is signed in, and what is about people rather than calls. */
export function AccountMenu() {
  const { data: me } = useQuery(meQuery);
  const may = useMay();
  const leave = useSignOut();
  if (!me || me.kind === "") return null;
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon variant="default" size={34} aria-label={`Account: ${me.name}`}>
          <IconUser size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {me.user ? <Menu.Label>{me.name} · {me.user.role}<br />{me.user.email}</Menu.Label> : <Menu.Label>{me.sign_in === "none" ? "This server runs without sign-in" : me.name}</Menu.Label>}
        {me.user && <Menu.Item component={Link} to="/account" leftSection={<IconUserCircle size={16} aria-hidden />}>Password and sessions</Menu.Item>}
        {may("ops.read") && <Menu.Item component={Link} to="/settings/server" leftSection={<IconServer size={16} aria-hidden />}>Carrier and server</Menu.Item>}
        {may("rehearse") && <Menu.Item component={Link} to="/settings/staff" leftSection={<IconDeviceMobile size={16} aria-hidden />}>Staff numbers</Menu.Item>}
        {may("rehearse") && <Menu.Item component={Link} to="/rehearsals" leftSection={<IconPhoneCall size={16} aria-hidden />}>Rehearsals</Menu.Item>}
        {may("users.manage") && <Menu.Item component={Link} to="/settings/users" leftSection={<IconUsers size={16} aria-hidden />}>Users</Menu.Item>}
        {may("keys.manage") && <Menu.Item component={Link} to="/settings/keys" leftSection={<IconKey size={16} aria-hidden />}>API keys</Menu.Item>}
        {may("audit.read") && <Menu.Item component={Link} to="/settings/audit" leftSection={<IconListDetails size={16} aria-hidden />}>Audit log</Menu.Item>}
        {me.user && <Menu.Divider />}
        {me.user && <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => leave.mutate()}>Sign out</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}
