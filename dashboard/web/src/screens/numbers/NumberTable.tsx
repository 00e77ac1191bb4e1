import { Badge, Button, Group, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { memo, useMemo, useState } from "react";
import { useMay } from "../../api/me";
import type { CallerID } from "../../api/numbers";
import { Cell, type Column, Row, Rows } from "../../components/Rows";
import { ToldWhen } from "../../components/When";
import { count, rate } from "../../lib/format";
import { ago, instant } from "../../lib/time";
import badge from "../attempts/Attempts.module.css";
import { type definitions, illNames, restedBy, stateNames } from "./definitions";
import { RestDialog, WakeDialog } from "./RestDialog";

const tones = { ready: "good", full: "warn", resting: "bad" } as const;

const columnsOf = (about: ReturnType<typeof definitions>) => ({
  number: { name: "Number" }, state: { name: "State", wide: true }, today: { name: "Today", about: about.today, right: true }, answered: { name: "Answered", about: about.answered, right: true },
  short: { name: "Short", about: about.short, right: true }, near: { name: "Neighbours", about: about.near, right: true }, used: { name: "Last used" }, deeds: { name: "Actions", deeds: true, silent: true },
}) satisfies Record<string, Column>;

interface Props {
  rows: readonly CallerID[];
  now: string;
  zone?: string;
  about: ReturnType<typeof definitions>;
}

/** Our numbers with their use today, their figures, and why some rest. */
export function NumberTable({ rows, now, zone, about }: Props) {
  const may = useMay()("numbers.manage");
  const [asked, ask] = useState<{ number: CallerID; what: "rest" | "wake" }>();
  const close = () => ask(undefined);
  const c = useMemo(() => columnsOf(about), [about]);
  return (
    <>
      <Rows of="Our numbers" columns={[c.number, c.state, c.today, c.answered, c.short, c.near, c.used, c.deeds]} minWidth={1080}>
        {rows.map((n) => <One key={n.number} n={n} used={n.last_used ? ago(n.last_used, now) : ""} zone={zone} may={may} ask={ask} c={c} />)}
      </Rows>
      {asked?.what === "rest" && <RestDialog number={asked.number} now={now} zone={zone} close={close} />}
      {asked?.what === "wake" && <WakeDialog number={asked.number} close={close} />}
    </>
  );
}

interface RowProps {
  c: ReturnType<typeof columnsOf>;
  n: CallerID;
  /** How long ago it was used, in words. */
  used: string;
  zone?: string;
  may: boolean;
  ask: (what: { number: CallerID; what: "rest" | "wake" }) => void;
}

const One = memo(
  function One({ c, n, used, zone, may, ask }: RowProps) {
    const h = n.health;
    return (
      <Row data-number={n.number}>
        <Cell of={c.number}>
          <Link to="/attempts" search={{ caller_id: n.number }} className="open-link num" title="Its calls">{n.number}</Link>
          <Text size="xs" c="dimmed"><bdi>{n.pools.map((p) => p.name).join(", ")}</bdi>{n.region && ` · ${n.region}`}</Text>
        </Cell>
        <Cell of={c.state} maw={360}>
          <Badge className={badge.badge} data-tone={tones[n.state]}>{stateNames[n.state]}</Badge>
          {n.rest && (
            <Text size="xs" c="dimmed" mt={4} style={{ overflowWrap: "anywhere" }}>
              Until {instant(n.rest.until, zone)}, because of {restedBy(n.rest)}: {n.rest.reason}
            </Text>
          )}
          {!n.rest && [...new Set(n.pools.flatMap((p) => (p.ill ? [p.ill] : [])))].map((i) => <Text key={i} size="xs" mt={4} style={{ color: "var(--app-warn)" }}>{illNames[i] ?? i}; it does not rest, since half of its pool does or resting is off</Text>)}
        </Cell>
        <Cell of={c.today} className="num">{count(n.calls_today)}<Text size="xs" c="dimmed">{n.daily_cap === null ? "no cap" : `of ${count(n.daily_cap)}`}</Text></Cell>
        <Cell of={c.answered} className="num">{rate(h.answer_rate)}<Text size="xs" c="dimmed">{h.enough ? `${rate(h.answer_interval.low)} to ${rate(h.answer_interval.high)}` : "too few to judge"}, {count(h.attempts)} calls</Text></Cell>
        <Cell of={c.short} className="num">{rate(h.short_ratio)}<Text size="xs" c="dimmed">{count(h.short_calls)} of {count(h.answered)}</Text></Cell>
        <Cell of={c.near} className="num">{rate(h.neighbour_ratio)}</Cell>
        <Cell of={c.used}>{n.last_used ? <ToldWhen at={n.last_used} words={used} /> : "Never"}</Cell>
        <Cell of={c.deeds}>
          {may && (
            <Group gap={6} justify="flex-end" wrap="nowrap">
              {n.rest && <Button size="compact-sm" variant="default" aria-label={`Wake ${n.number}`} onClick={() => ask({ number: n, what: "wake" })}>Wake…</Button>}
              <Button size="compact-sm" variant="default" aria-label={`Put ${n.number} to rest`} onClick={() => ask({ number: n, what: "rest" })}>Rest…</Button>
            </Group>
          )}
        </Cell>
      </Row>
    );
  },
  // The clock draws a row again only where its words are others.
  (was, is) => was.n === is.n && was.used === is.used && was.zone === is.zone && was.may === is.may,
);
