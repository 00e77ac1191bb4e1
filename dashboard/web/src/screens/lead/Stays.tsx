import { ActionIcon, Badge, Button, Group, Menu, Text, Title, Tooltip } from "@mantine/core";
import { IconColumns3 } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { type Enrollment, type LeadDetail, useLeadActions } from "../../api/leads";
import { useMay } from "../../api/me";
import { Cell, type Column as Field, Row, Rows } from "../../components/Rows";
import { When } from "../../components/When";
import { words } from "../../lib/format";
import { endReason } from "../../lib/reasons";
import { instant } from "../../lib/time";
import classes from "../attempt/Attempt.module.css";
import badge from "../attempts/Attempts.module.css";
import own from "./Lead.module.css";
import { type Column, columns, keepColumns, readColumns, toggled } from "./columns";

const good = ["converted", "completed"];
const name: Field = { name: "Name" };

/** Every cadence the lead is or was in, newest first. */
export function Stays({ lead, zone }: { lead: LeadDetail; zone?: string }) {
  const [chosen, setChosen] = useState(() => readColumns(localStorage));
  const choose = (key: Column) => {
    const next = toggled(chosen, key);
    setChosen(next);
    keepColumns(localStorage, next);
  };
  const stays = [...lead.enrollments].reverse();
  const shown = columns.filter((c) => chosen.includes(c.key)).map((c) => ({ ...c, name: c.label }));
  return (
    <section className={`card ${classes.part}`} aria-labelledby="stays">
      <Group justify="space-between" mb="xs">
        <Title order={2} id="stays">Cadences</Title>
        <Menu closeOnItemClick={false}>
          <Menu.Target>
            <Tooltip label="Columns"><ActionIcon variant="default" size={30} aria-label="Columns of the cadences"><IconColumns3 size={16} aria-hidden /></ActionIcon></Tooltip>
          </Menu.Target>
          <Menu.Dropdown>
            {columns.map((c) => (
              <Menu.CheckboxItem key={c.key} checked={chosen.includes(c.key)} onChange={() => choose(c.key)}>{c.label}</Menu.CheckboxItem>
            ))}
          </Menu.Dropdown>
        </Menu>
      </Group>
      {stays.length === 0 ? (
        <Text size="sm" c="dimmed">The lead was in no cadence yet.</Text>
      ) : (
        <div className={own.flush}>
          <Rows of="Cadences of this lead" columns={[name, ...shown]} minWidth={210 + 95 * shown.length}>
            {stays.map((e) => (
              <Row key={e.id} data-stay={e.cadence_name} fz="sm">
                <Cell of={name}>
                  <Link to="/cadences/$id" params={{ id: e.cadence }} className="open-link">{e.cadence_name || "deleted"}</Link>
                  {e.state === "active" && <Group gap={6} mt={6} wrap="nowrap"><Pause stay={e} /><Out stay={e} lead={lead.id} /></Group>}
                </Cell>
                {shown.map((c) => <Cell key={c.key} of={c}>{cell(c.key, e, lead.as_of, zone)}</Cell>)}
              </Row>
            ))}
          </Rows>
        </div>
      )}
    </section>
  );
}

function cell(column: Column, e: Enrollment, now: string, zone?: string): ReactNode {
  switch (column) {
    case "start": return <When at={e.entered_at} now={now} />;
    case "step": return e.step ? <span className={own.key}>{e.step}</span> : "–";
    case "status":
      if (e.paused_at) return <Tooltip label={`Since ${instant(e.paused_at, zone)}${e.paused_by && `, by ${e.paused_by}`}`}><Badge variant="default" className={badge.badge} data-tone="warn" tabIndex={0}>Paused</Badge></Tooltip>;
      return <Badge variant="default" miw="max-content" className={badge.badge} data-tone={e.state === "active" ? "open" : good.includes(e.state) ? "good" : "plain"}>{words(e.state)}</Badge>;
    case "due": return e.due ? <span className="num">{instant(e.due, zone)}</span> : "–";
    case "run": return e.run;
    case "version": return e.version;
    case "reason": return e.reason ? <bdi>{endReason(e.reason)}</bdi> : "–";
  }
}

/** Keeps the lead from being called in this cadence alone, at the step where it stands, or lets it go on. */
function Pause({ stay }: { stay: Enrollment }) {
  const { pause } = useLeadActions();
  const may = useMay();
  const on = stay.paused_at === null;
  if (!may(on ? "unenroll" : "enroll")) return null;
  const word = on ? "Pause" : "Resume";
  return (
    <Button size="compact-sm" variant="default" aria-busy={pause.isPending || undefined} aria-label={`${word} in ${stay.cadence_name}`} onClick={() => pause.mutate({ id: stay.id, lead: stay.lead, name: stay.cadence_name, on })}>
      {word}
    </Button>
  );
}

/** Takes the lead out at once: a waiting call is taken back, a live one goes on. Enrolling again is the way back. */
function Out({ stay, lead }: { stay: Enrollment; lead: string }) {
  const { remove } = useLeadActions();
  const may = useMay();
  if (!may("unenroll")) return null;
  return (
    <Button size="compact-sm" variant="default" loading={remove.isPending} aria-label={`Un-enroll from ${stay.cadence_name}`}
      onClick={() => remove.mutate({ leads: [lead], cadence: stay.cadence, name: stay.cadence_name })}>
      Un-enroll
    </Button>
  );
}
