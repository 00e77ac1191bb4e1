import { ActionIcon, Badge, Button, Group, Menu, Text, Tooltip } from "@mantine/core";
import { IconBookmark, IconBookmarkFilled, IconCheck, IconDots } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type View, type ViewPage, useViewActions, viewsQuery } from "../api/views";
import { useMay } from "../api/me";
import { NameDialog } from "./NameDialog";
import { kept, shows } from "./search";
import classes from "./Views.module.css";
import { DeleteView } from "./DeleteView";

interface Props {
  page: ViewPage;
  /** What the page shows: its address. */
  search: object & { view?: string };
  open: (v: View) => void;
  /** Goes on with what is shown, as no view. */
  drop: () => void;
}

/** The saved views of a page: open one, keep what is shown as one, and manage the open one. */
export function ViewsMenu({ page, search, open, drop }: Props) {
  const views = useQuery(viewsQuery(page)).data?.items ?? [];
  const now = views.find((v) => v.id === search.view);
  const changed = now !== undefined && !shows(search, now);
  const { save } = useViewActions(page);
  const [naming, setNaming] = useState(false);
  const group = (title: string, of: View[]) => of.length > 0 && (
    <>
      <Menu.Label>{title}</Menu.Label>
      {of.map((v) => (
        <Menu.Item key={v.id} leftSection={v.id === now?.id ? <IconCheck size={16} aria-hidden /> : <span className={classes.space} />} aria-current={v.id === now?.id || undefined}
          rightSection={v.default ? <Badge size="sm" variant="default" tt="none">opens first</Badge> : undefined} onClick={() => open(v)}>
          <bdi>{v.name}</bdi>{!v.mine && <Text span size="xs" c="dimmed"> by {v.by}</Text>}
        </Menu.Item>
      ))}
    </>
  );
  return (
    <Group gap={6} wrap="nowrap" className={classes.views}>
      <Menu position="bottom-start" width={280}>
        <Menu.Target>
          <Button variant="default" leftSection={now ? <IconBookmarkFilled size={16} aria-hidden /> : <IconBookmark size={16} aria-hidden />}>
            {now ? <><span className="visually-hidden">View: {now.name}{changed && ", changed"}</span><bdi className={classes.name} aria-hidden>{now.name}</bdi>{changed && <Text span size="sm" c="dimmed" aria-hidden>, changed</Text>}</> : "Saved views"}
          </Button>
        </Menu.Target>
        <Menu.Dropdown mah="70vh" style={{ overflowY: "auto" }}>
          {group("Yours", views.filter((v) => !v.shared))}
          {group("Shared", views.filter((v) => v.shared))}
          {views.length === 0 && <Menu.Label>No view is saved yet. Filter the list, choose its order, then save that under a name.</Menu.Label>}
          <Menu.Divider />
          <Menu.Item onClick={() => setNaming(true)}>Save what is shown as a view…</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {now && <Manage view={now} page={page} search={search} changed={changed} left={drop} />}
      {naming && <NameDialog title="Save this view" button="Save view" name="" close={() => setNaming(false)} save={(name) => save.mutateAsync({ name, search: kept(search) }).then(open)} />}
    </Group>
  );
}

/** What can be done with the view that is open. A shared one is the house's. */
function Manage({ view, page, search, changed, left }: { view: View; page: ViewPage; search: object; changed: boolean; left: () => void }) {
  const may = useMay();
  const { change, share, prefer } = useViewActions(page);
  const [doing, setDoing] = useState<"rename" | "delete">();
  const mayShare = may("views.share");
  const mine = !view.shared || mayShare;
  const close = () => setDoing(undefined);
  return (
    <>
      <Menu position="bottom-start">
        <Menu.Target>
          <Tooltip label="Manage this view"><ActionIcon variant="default" size={36} aria-label={`Manage the view ${view.name}`}><IconDots size={18} aria-hidden /></ActionIcon></Tooltip>
        </Menu.Target>
        <Menu.Dropdown>
          {!mine && <Menu.Label>Shared by {view.by}: changing it takes the grant views.share.</Menu.Label>}
          {mine && changed && <Menu.Item onClick={() => change.mutate({ view, search: kept(search) })}>Update it to what is shown</Menu.Item>}
          {mine && <Menu.Item onClick={() => setDoing("rename")}>Rename…</Menu.Item>}
          <Menu.Item onClick={() => prefer.mutate(view.default ? undefined : view)}>{view.default ? "Do not open the page with it" : "Open the page with it"}</Menu.Item>
          {mayShare && <Menu.Item onClick={() => share.mutate({ view, on: !view.shared })}>{view.shared ? "Stop sharing it" : "Share it with everybody"}</Menu.Item>}
          {mine && <Menu.Item c="var(--app-bad)" onClick={() => setDoing("delete")}>Delete…</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      {doing === "rename" && <NameDialog title="Rename the view" button="Rename" name={view.name} close={close} save={(name) => change.mutateAsync({ view, name })} />}
      {doing === "delete" && <DeleteView view={view} page={page} close={close} gone={left} />}
    </>
  );
}
