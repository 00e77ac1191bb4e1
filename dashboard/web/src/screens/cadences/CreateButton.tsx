import { Button, Menu } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { makeDraft } from "../../api/drafting";
import { refused } from "../../lib/notify";
import { blank } from "../editor/document";

/** Begins a cadence: an empty one, or from a template. */
export function CreateButton() {
  const go = useNavigate();
  const queries = useQueryClient();
  const create = useMutation({
    mutationFn: () => makeDraft(blank("New cadence")),
    onSuccess: async (c) => {
      await queries.invalidateQueries({ queryKey: ["cadences"] });
      await go({ to: "/cadences/$id/edit", params: { id: c.id } });
    },
    onError: (e) => refused("No cadence was created", e),
  });
  return (
    <Menu>
      <Menu.Target><Button leftSection={<IconPlus size={16} aria-hidden />} loading={create.isPending}>Create cadence</Button></Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => create.mutate()}>Empty cadence</Menu.Item>
        <Menu.Item renderRoot={(p) => <Link to="/templates" {...p} />}>From a template</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
