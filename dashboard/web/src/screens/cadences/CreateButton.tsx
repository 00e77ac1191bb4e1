import { Button, Menu } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useMay } from "../../api/me";
import { KeyCap } from "../../keys/KeyCap";
import { useCreateCadence } from "./useCreateCadence";

/** Begins a cadence: an empty one, or from a template. */
export function CreateButton({ keys }: { keys?: boolean }) {
  const create = useCreateCadence();
  const may = useMay();
  if (!may("cadences.manage")) return null;
  return (
    <Menu>
      <Menu.Target><Button leftSection={<IconPlus size={16} aria-hidden />} loading={create.isPending} rightSection={keys && <KeyCap of="n" />} aria-keyshortcuts={keys ? "n" : undefined}>Create cadence</Button></Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => create.mutate()}>Empty cadence</Menu.Item>
        <Menu.Item renderRoot={(p) => <Link to="/templates" {...p} />}>From a template</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
