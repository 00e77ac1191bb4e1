import { Anchor, Button, Group, SegmentedControl, Skeleton, Text, Title, VisuallyHidden } from "@mantine/core";
import { IconPencil, IconUpload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import type { CadenceDetail } from "../../api/client";
import { useMay } from "../../api/me";
import { cadenceQuery } from "../../api/queries";
import { Breadcrumb } from "../../components/Breadcrumb";
import { Notice } from "../../components/Notice";
import { ErrorState, StaleAlert } from "../../components/States";
import { StatusBadge } from "../../components/StatusBadge";
import { KeyCap } from "../../keys/KeyCap";
import { useShortcuts } from "../../keys/useShortcuts";
import { typeNames } from "../../lib/figures";
import { plural } from "../../lib/format";
import { instant } from "../../lib/time";
import { useTitle } from "../../lib/useTitle";
import { ActiveSwitch } from "../cadences/ActiveSwitch";
import { CadenceMenu } from "../cadences/CadenceMenu";
import { useCadenceActions } from "../cadences/useCadenceActions";
import { Waiting } from "../reports/Waiting";
import { DocumentView } from "./DocumentView";
import { ProblemList } from "./ProblemList";
import { Totals } from "./Totals";

const route = getRouteApi("/cadences/$id");

/** One cadence: how it does, what it is, and what is wrong with it. It is changed in the editor. */
export default function Cadence() {
  const { id } = route.useParams();
  const { data, error, refetch, dataUpdatedAt } = useQuery(cadenceQuery(id));
  useTitle(data?.name ?? "Cadence");
  return (
    <>
      <Breadcrumb>
        <Anchor component={Link} to="/cadences" fz="inherit">Cadences</Anchor>
      </Breadcrumb>
      {data ? (
        <>
          {error && <StaleAlert error={error} since={dataUpdatedAt} retry={() => void refetch()} />}
          <Loaded cadence={data} />
        </>
      ) : error ? (
        <ErrorState what="this cadence" order={1} error={error} retry={() => void refetch()} />
      ) : (
        <Loading />
      )}
    </>
  );
}

function Loaded({ cadence: c }: { cadence: CadenceDetail }) {
  const { view } = route.useSearch();
  const go = route.useNavigate();
  const { publish } = useCadenceActions();
  const manages = useMay()("cadences.manage");
  useShortcuts([
    ...(manages && c.status !== "archived" ? [{ keys: "e", label: "Edit this cadence", group: "This page" as const, run: () => void go({ to: "/cadences/$id/edit", params: { id: c.id } }) }] : []),
    { keys: "v", label: "See its calls", group: "This page", run: () => void go({ to: "/attempts", search: { cadence: c.id } }) },
  ]);
  // A draft that cannot be published differs too, and is not what runs.
  const both = c.published !== null && (c.publishable || JSON.stringify(c.published) !== JSON.stringify(c.draft));
  const shown = view === "published" && c.published ? c.published : c.draft;
  return (
    <>
      <Group justify="space-between" align="flex-start" gap="sm" mb="md">
        <div style={{ minWidth: 0, flex: "1 1 320px" }}>
          <Group gap="sm"><Title order={1} style={{ overflowWrap: "anywhere" }}>{c.name}</Title><StatusBadge cadence={c} /></Group>
          <Text size="sm" c="dimmed">
            {typeNames[c.type]} · {plural(c.steps, "step")} · {c.version > 0 ? `version ${c.version}` : "not published yet"} · created {instant(c.created_at)}
          </Text>
          {c.description && <Text mt={4}>{c.description}</Text>}
        </div>
        <Group gap="sm">
          {manages && c.status !== "archived" && <Button variant="default" aria-keyshortcuts="e" rightSection={<KeyCap of="e" />} leftSection={<IconPencil size={16} aria-hidden />} renderRoot={(p) => <Link to="/cadences/$id/edit" params={{ id: c.id }} {...p} />}>Edit</Button>}
          {manages && c.publishable && <Button leftSection={<IconUpload size={16} aria-hidden />} loading={publish.isPending} onClick={() => publish.mutate(c)}>Publish</Button>}
          <ActiveSwitch cadence={c} label="Active" />
          <CadenceMenu cadence={c} deleted={() => void go({ to: "/cadences" })} />
        </Group>
      </Group>
      {c.problems.length > 0 && <Problems cadence={c} />}
      <Totals cadence={c} />
      {c.enrolled > 0 && c.version > 0 && <Waiting cadence={c.id} />}
      {both && (
        <SegmentedControl mb="md" aria-label="Document shown" value={view ?? "draft"}
          data={[{ value: "draft", label: "Draft, not published" }, { value: "published", label: `Version ${c.version}` }]}
          onChange={(v) => void go({ search: { view: v === "published" ? "published" : undefined }, replace: true })} />
      )}
      <DocumentView document={shown} />
    </>
  );
}

function Problems({ cadence }: { cadence: CadenceDetail }) {
  const errors = cadence.problems.filter((p) => p.severity === "error").length;
  const title = errors > 0 ? `${plural(errors, "error")} in the draft: it cannot be published` : `${plural(cadence.problems.length, "warning")} in the draft`;
  return (
    <Notice tone={errors > 0 ? "bad" : "warn"} mb="md" title={title}>
      <ProblemList problems={cadence.problems} />
    </Notice>
  );
}

function Loading() {
  return (
    <div aria-busy="true">
      <VisuallyHidden><h1>Loading the cadence</h1></VisuallyHidden>
      <Skeleton h={30} w={280} mb="md" />
      <Skeleton h={84} mb="md" />
      <Skeleton h={260} />
    </div>
  );
}
