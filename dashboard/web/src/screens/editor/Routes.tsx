import { ActionIcon, Alert, Button, Group, NativeSelect, Stack, Table, Text as Words } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { Schemas } from "../../api/client";
import { dispositionsQuery } from "../../api/attempts";
import { plural } from "../../lib/format";
import { type Path, insert, pathText, valueAt, without } from "./document";
import classes from "./Editor.module.css";
import { others } from "./others";
import { Choice, Count, Span, Text, Yes, useDrafting, useField } from "./fields";

type Route = Schemas["Route"];

const actions = [
  { value: "retry", label: "Call again" },
  { value: "next", label: "Go to the next step" },
  { value: "goto", label: "Go to another step" },
  { value: "exit", label: "Leave the cadence" },
  { value: "callback", label: "Call back when asked to" },
  { value: "transition", label: "Move to another cadence" },
];

/** What an action needs besides its outcome; what another action left behind is dropped. */
export function become(r: Route, action: string): Route {
  const next: Route = { on: r.on, do: action };
  if (action === "retry") return { ...next, delay: r.delay ?? "30m", max: r.max ?? 2 };
  if (action === "goto" || action === "transition") return { ...next, to: "" };
  return next;
}

/** Outcomes and what follows each: of one step, or of every step. */
export function Routes({ path, title, children }: { path: Path; title: string; children: React.ReactNode }) {
  const { draft, set } = useDrafting();
  const list = (valueAt(draft.document, path) as Route[] | undefined) ?? [];
  const whole = useField(path);
  return (
    <Stack gap="sm">
      <Words size="sm" c="dimmed">{children}</Words>
      {list.length === 0 && <Words size="sm">No outcome is named here.</Words>}
      <ul className={classes.cards} aria-label={title}>
        {list.map((r, i) => <One key={i} path={[...path, i]} route={r} n={i + 1} remove={() => set(path, without(list, i))} />)}
      </ul>
      {list.length === 0 && whole.error && <Alert color="red">{whole.error}</Alert>}
      <Others named={list} cadence={path.length > 1 ? (draft.document.routes ?? []) : []} />
      <div>
        <Button variant="default" size="compact-sm" leftSection={<IconPlus size={15} aria-hidden />} onClick={() => set(path, insert(list, list.length, { on: unused(list), do: "next" }))}>Add an outcome</Button>
      </div>
    </Stack>
  );
}

/** What follows the outcomes that are not named here: the cadence's routes, then the server's. */
function Others({ named, cadence }: { named: readonly Route[]; cadence: readonly Route[] }) {
  const rest = others(useQuery(dispositionsQuery).data?.items ?? [], named, cadence);
  if (rest.length === 0) return null;
  return (
    <details className={classes.others}>
      <summary>{plural(rest.length, "other outcome")} and what follows</summary>
      <Table aria-label="Other outcomes" className="rows" verticalSpacing={4} horizontalSpacing="xs" fz="sm">
        <Table.Thead><Table.Tr><Table.Th>Outcome</Table.Th><Table.Th>Then</Table.Th><Table.Th>By</Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody>
          {rest.map((o) => <Table.Tr key={o.code}><Table.Td>{o.label}</Table.Td><Table.Td>{o.then}</Table.Td><Table.Td c="dimmed">{o.by}</Table.Td></Table.Tr>)}
        </Table.Tbody>
      </Table>
    </details>
  );
}

const usual = ["NO_ANSWER", "BUSY", "ANSWERING_MACHINE", "VOICEMAIL_LEFT", "CALLBACK", "NOT_INTERESTED", "SALE"];
const unused = (list: readonly Route[]) => usual.find((c) => !list.some((r) => r.on === c)) ?? "NO_ANSWER";

function One({ path, route, n, remove }: { path: Path; route: Route; n: number; remove: () => void }) {
  const { draft, set } = useDrafting();
  const codes = useQuery(dispositionsQuery).data?.items ?? [];
  const steps = draft.document.steps.map((s) => ({ value: s.key, label: s.name || s.key }));
  const on = codes.map((d) => ({ value: d.code, label: d.label }));
  const what = useField(path);
  return (
    <li className={classes.card} data-path={pathText(path)}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Stack gap={10} flex={1} miw={0}>
          <div className={classes.pair}>
            <Choice path={[...path, "on"]} label="When the call ends with" options={on} fallback={codes.length > 0 ? "" : route.on} />
            <NativeSelect label="then" data={actions.some((a) => a.value === route.do) ? actions : [...actions, { value: route.do, label: route.do }]} value={route.do} onChange={(e) => set(path, become(route, e.currentTarget.value))} />
          </div>
          <div className={classes.pair}>
            {route.do === "goto" && <Choice path={[...path, "to"]} label="Step" options={[{ value: "", label: "Choose a step" }, ...steps]} />}
            {route.do === "transition" && <Text path={[...path, "to"]} label="Cadence" placeholder="Its exact name" />}
            {["retry", "next", "goto", "transition"].includes(route.do) && <Span path={[...path, "delay"]} label="Wait" hint={route.do === "retry" ? undefined : "Empty: the step’s own delay"} />}
            {route.do === "retry" && <Count path={[...path, "max"]} label="At most this often" min={1} max={100} optional hint="Then the next step follows" />}
          </div>
          {route.do === "retry" && <Yes path={[...path, "other_day_part"]} label="At another time of the day" hint="Morning, afternoon or evening, whichever the last call was not in" />}
          {what.error && <Words size="xs" c="var(--app-bad)">{what.error}</Words>}
        </Stack>
        <ActionIcon variant="subtle" color="gray" aria-label={`Remove outcome ${n}, ${route.on}`} onClick={remove} mt={26} className={classes.quiet}><IconTrash size={17} aria-hidden /></ActionIcon>
      </Group>
    </li>
  );
}
