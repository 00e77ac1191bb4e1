import { ActionIcon, Badge, Button, Group, Menu, Skeleton, Text, Title, VisuallyHidden } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDots, IconDownload, IconEye, IconPencil, IconTrash, IconUpload } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Suspense, lazy, useState } from "react";
import { type Template, templateQuery, templatesQuery } from "../../api/drafting";
import { useMay } from "../../api/me";
import { ErrorState } from "../../components/States";
import { KeyCap } from "../../keys/KeyCap";
import { useShortcuts } from "../../keys/useShortcuts";
import { download } from "../../lib/csv";
import { plural } from "../../lib/format";
import { typeNames } from "../../lib/figures";
import { refused } from "../../lib/notify";
import { useTitle } from "../../lib/useTitle";
import { DeleteTemplate, RenameTemplate } from "./Manage";
import { TemplatePreview } from "./TemplatePreview";
import classes from "./Templates.module.css";

const ImportDialog = lazy(() => import("../cadences/ImportDialog"));

/** Cadences to begin with: those that came with the program, and the house's own. */
export default function Templates() {
  useTitle("Templates");
  const list = useQuery(templatesQuery);
  const [importing, dialog] = useDisclosure();
  const manages = useMay()("cadences.manage");
  useShortcuts(manages ? [{ keys: "i", label: "Import a cadence", group: "This page", run: dialog.open }] : []);
  const own = list.data?.items.filter((t) => !t.built_in) ?? [];
  return (
    <>
      <Group justify="space-between" mb="md" gap="sm">
        <Title order={1}>Templates</Title>
        {manages && <Button variant="default" leftSection={<IconUpload size={16} aria-hidden />} rightSection={<KeyCap of="i" />} aria-keyshortcuts="i" onClick={dialog.open}>Import JSON</Button>}
      </Group>
      {!list.data ? (
        list.error ? <ErrorState what="the templates" error={list.error} retry={() => void list.refetch()} /> : <Loading />
      ) : (
        <>
          <Shelf title="Yours" items={own} none="None yet. Open a cadence’s editor and choose “Save as template” to keep it here." />
          <Shelf title="Built in" items={list.data.items.filter((t) => t.built_in)} none="This server ships none." />
        </>
      )}
      <Suspense fallback={null}>{importing && <ImportDialog close={dialog.close} />}</Suspense>
    </>
  );
}

function Shelf({ title, items, none }: { title: string; items: readonly Template[]; none: string }) {
  return (
    <section aria-label={title} style={{ marginBottom: 28 }}>
      <Title order={2} mb="sm">{title}</Title>
      {items.length === 0 ? <Text c="dimmed">{none}</Text> : <ul className={classes.grid}>{items.map((t) => <Card key={t.id} template={t} />)}</ul>}
    </section>
  );
}

function Card({ template: t }: { template: Template }) {
  const queries = useQueryClient();
  const manages = useMay()("cadences.manage");
  const [open, setOpen] = useState<"look" | "rename" | "delete">();
  const close = () => setOpen(undefined);
  const fetched = () =>
    queries.fetchQuery(templateQuery(t.id)).then((d) => save(d.document, t.name), (e: unknown) => refused("It was not exported", e));
  return (
    <li className={`card ${classes.one}`} data-template={t.name}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Title order={3} size="h4" style={{ overflowWrap: "anywhere" }}>{t.name}</Title>
        <Menu>
          <Menu.Target><ActionIcon variant="subtle" color="gray" style={{ color: "var(--mantine-color-dimmed)" }} aria-label={`Actions for ${t.name}`}><IconDots size={18} aria-hidden /></ActionIcon></Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconDownload size={16} aria-hidden />} onClick={() => void fetched()}>Export JSON</Menu.Item>
            {manages && !t.built_in && <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => setOpen("rename")}>Rename…</Menu.Item>}
            {manages && !t.built_in && <Menu.Item leftSection={<IconTrash size={16} aria-hidden />} c="var(--app-bad)" onClick={() => setOpen("delete")}>Delete…</Menu.Item>}
          </Menu.Dropdown>
        </Menu>
      </Group>
      <Group gap={6}>
        {t.vertical && <Badge variant="default" tt="none">{t.vertical}</Badge>}
        <Text size="xs" c="dimmed">{plural(t.steps, "step")} · {typeNames[t.type as keyof typeof typeNames] ?? t.type}</Text>
      </Group>
      <Text size="sm" className={classes.words}>{t.description || "Without a description."}</Text>
      <div><Button variant="default" size="compact-sm" leftSection={<IconEye size={16} aria-hidden />} onClick={() => setOpen("look")} aria-label={`Look inside ${t.name}`}>Look inside</Button></div>
      {open === "look" && <TemplatePreview template={t} close={close} />}
      {open === "rename" && <RenameTemplate template={t} close={close} />}
      {open === "delete" && <DeleteTemplate template={t} close={close} />}
    </li>
  );
}

/** Hands a document over as a file. */
function save(document: unknown, name: string) {
  const file = name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "cadence";
  download(`${file}.json`, `${JSON.stringify(document, null, 2)}\n`, "application/json");
}

function Loading() {
  return (
    <div className={classes.grid} aria-busy="true">
      <VisuallyHidden>Loading the templates</VisuallyHidden>
      {Array.from({ length: 6 }, (_, i) => <Skeleton key={i} h={190} />)}
    </div>
  );
}
