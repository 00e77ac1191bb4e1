import { ActionIcon, Badge, Group, Menu, Switch, Text } from "@mantine/core";
import { IconAdjustments, IconArrowBackUp, IconDots } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { type List, useListChange } from "../../api/lists";
import { useMay } from "../../api/me";
import { Definition } from "../../components/Definition";
import { Cell, type Column, Row, Rows, useNarrow } from "../../components/Rows";
import { When } from "../../components/When";
import { brief, count, rate, ratio } from "../../lib/format";
import { UndoDialog } from "../import/Undo";
import { SettingsDialog, priorityName } from "./SettingsDialog";
import classes from "./Lists.module.css";

const figures: [name: string, of: (l: List) => string, about: string][] = [
  ["Leads", (l) => brief(l.leads), "Leads that came in with the list and are there."],
  ["Attempted", (l) => `${brief(l.attempted)} · ${rate(ratio(l.attempted, l.leads))}`, "Leads with an attempt that is over, and their share of all: the penetration."],
  ["Contacted", (l) => brief(l.contacted), "Leads with a contact."],
  ["Converted", (l) => brief(l.converted), "Leads with a conversion."],
  ["Exhausted", (l) => brief(l.exhausted), "Leads whose last stay ended because its steps were used up, or no number was left to call."],
  ["Blocked", (l) => brief(l.blocked), "Leads whose last stay ended because a rule forbids the call."],
  ["Callable today", (l) => callable(l), "Leads with a call that is due before the day ends, as cadences, hours and the list's settings are now."],
];

/** As many as the server counts of one list. */
const MOST = 100_000;

export function callable(l: Pick<List, "callable_today">): string {
  if (l.callable_today === null) return "not counted";
  return l.callable_today >= MOST ? `${count(MOST)} or more` : brief(l.callable_today);
}

const name: Column = { name: "Name" };
const dialing: Column = { name: "Dialing", deeds: true };
const columns = [name, ...figures.map(([n, , about]): Column => ({ name: n, about, right: true })), dialing];

/** Every list with its figures and what can be done with it. */
export function ListTable({ lists, now }: { lists: readonly List[]; now: string }) {
  return <Rows of="Lists" columns={columns} minWidth={1000}>{lists.map((l) => <One key={l.id} list={l} now={now} />)}</Rows>;
}

const states: Partial<Record<List["import_state"], string>> = { running: "Importing", failed: "Import failed", undoing: "Being undone", undone: "Undone" };

function One({ list: l, now }: { list: List; now: string }) {
  const may = useMay();
  const change = useListChange();
  const [open, setOpen] = useState<"settings" | "undo">();
  const narrow = useNarrow();
  const close = () => setOpen(undefined);
  const undoable = l.import !== "" && (l.import_state === "done" || l.import_state === "failed");
  return (
    <Row data-list={l.name}>
      <Cell of={name} className={classes.name}>
        <Link to="/leads" search={{ list: l.id }} className="open-link"><bdi>{l.name}</bdi></Link>
        <Text size="xs" c="dimmed" component="div"><When at={l.created_at} now={now} />{l.source ? <> · <bdi>{l.source}</bdi></> : ""}</Text>
        <div className={classes.badges}>
          {states[l.import_state] && <Badge variant="default" tt="none">{states[l.import_state]}</Badge>}
          {l.priority !== 0 && <Badge variant="default" tt="none">{priorityName(l.priority)}</Badge>}
          {l.release_per_day > 0 && <Badge variant="default" tt="none">{count(l.released_today)} of {count(l.release_per_day)} new today</Badge>}
        </div>
      </Cell>
      {figures.map(([what, of], i) => (
        <Cell key={what} of={columns[i + 1] ?? name} className="num" data-figure={what}>
          {of(l)}
          {what === "Blocked" && l.blocked > 0 && <Definition of={`${l.name}, blocked`}>{l.blocked_by.map((b) => `${b.message}: ${count(b.leads)}`).join("; ")}</Definition>}
        </Cell>
      ))}
      <Cell of={dialing}>
        <Group gap="sm" wrap="nowrap" justify="flex-end" className={classes.deeds}>
          <Switch size="md" checked={!l.paused} label={narrow ? "Dialing" : undefined} aria-label={`${l.name}: dialing`} aria-busy={change.isPending || undefined} disabled={!may("leads.manage")}
            onChange={(e) => change.mutate({ list: l, change: { paused: !e.currentTarget.checked } })} />
          {may("leads.manage") && (
            <Menu position="bottom-end">
              <Menu.Target><ActionIcon variant="subtle" color="gray" size={34} style={{ color: "var(--mantine-color-dimmed)" }} aria-label={`Actions for ${l.name}`}><IconDots size={18} aria-hidden /></ActionIcon></Menu.Target>
              <Menu.Dropdown>
                <Menu.Item leftSection={<IconAdjustments size={16} aria-hidden />} onClick={() => setOpen("settings")}>Priority and release…</Menu.Item>
                {undoable && <Menu.Item leftSection={<IconArrowBackUp size={16} aria-hidden />} c="var(--app-bad)" onClick={() => setOpen("undo")}>Undo the import…</Menu.Item>}
              </Menu.Dropdown>
            </Menu>
          )}
        </Group>
        {open === "settings" && <SettingsDialog list={l} close={close} />}
        {open === "undo" && <UndoDialog of={{ id: l.import }} name={l.name} close={close} />}
      </Cell>
    </Row>
  );
}
