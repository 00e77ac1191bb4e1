import { Group, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { CadenceItem } from "../../api/client";
import { StatusBadge } from "../../components/StatusBadge";
import { When } from "../../components/When";
import { rates, typeNames } from "../../lib/figures";
import { brief, plural, rate } from "../../lib/format";
import { ActiveSwitch } from "./ActiveSwitch";
import { CadenceMenu } from "./CadenceMenu";
import classes from "./CadenceTable.module.css";

/** The list on a narrow screen: the same figures and actions, one card each. */
export function CadenceCards({ items, now }: { items: readonly CadenceItem[]; now: string }) {
  return (
    <ul className={classes.cards}>
      {items.map((c) => (
        <li key={c.id} data-cadence={c.name}>
          <Group justify="space-between" wrap="nowrap" align="flex-start">
            <div>
              <Link to="/cadences/$id" params={{ id: c.id }} className="open-link">{c.name}</Link>
              <Text size="xs" c="dimmed">{typeNames[c.type]} · {plural(c.steps, "step")} · <When at={c.created_at} now={now} /></Text>
            </div>
            <CadenceMenu cadence={c} />
          </Group>
          <Group justify="space-between" mt={8}>
            <StatusBadge cadence={c} />
            <ActiveSwitch cadence={c} />
          </Group>
          <dl className={classes.figures}>
            <Item name="Enrolled" value={brief(c.enrolled)} />
            <Item name="Attempts" value={brief(c.attempts)} />
            {rates.map((r) => <Item key={r.key} name={r.label} value={rate(c[r.key])} />)}
          </dl>
        </li>
      ))}
    </ul>
  );
}

function Item({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="num">{value}</dd>
    </div>
  );
}
