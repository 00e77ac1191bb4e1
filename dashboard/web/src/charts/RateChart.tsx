import { Tooltip, UnstyledButton } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import type { AttemptFilter } from "../api/attempts";
import type { AnswerType } from "../api/client";
import { useMay } from "../api/me";
import { type CadenceFigures, type RateKey, type Rates, type TypeGroup, rates, statusNames, typeNames } from "../lib/figures";
import { brief, plural, rate } from "../lib/format";
import classes from "./RateChart.module.css";

interface Props {
  groups: readonly TypeGroup[];
  open: readonly AnswerType[];
  toggle: (type: AnswerType) => void;
  /** The calls that all figures were counted from. */
  of: AttemptFilter;
}

/** The figure whose calls a rate is made of. */
const parts: Record<RateKey, NonNullable<AttemptFilter["counts"]>> = { completion_rate: "completed", contact_rate: "contacts", conversion_rate: "conversions" };

const ticks = [0, 25, 50, 75, 100];

/** Three bars per type on one scale from 0 to 100 %, each with its value written beside it; a bar opens the calls it counts. */
export function RateChart({ groups, open, toggle, of }: Props) {
  return (
    <div className={classes.chart}>
      <Legend />
      <ul className={classes.rows}>
        {groups.map((g) => <TypeRow key={g.type} group={g} open={open.includes(g.type)} toggle={() => toggle(g.type)} of={of} />)}
      </ul>
      <div className={classes.axis} aria-hidden>
        {ticks.map((t) => <span key={t} style={{ left: `${t}%` }}>{t}%</span>)}
      </div>
    </div>
  );
}

const Legend = memo(function Legend() {
  return (
    <ul className={classes.legend} aria-label="Legend">
      {rates.map((r) => (
        <Tooltip key={r.key} label={r.about}>
          <li><i style={{ background: r.color }} aria-hidden />{r.label} rate</li>
        </Tooltip>
      ))}
    </ul>
  );
});

function TypeRow({ group, open, toggle, of }: { group: TypeGroup; open: boolean; toggle: () => void; of: AttemptFilter }) {
  const id = `cadences-of-${group.type}`;
  const calls = { ...of, type: group.type };
  return (
    <li>
      <div className={classes.row}>
        <div className={classes.name}>
          <UnstyledButton className={classes.opens} aria-expanded={open} aria-controls={open ? id : undefined} onClick={toggle}>
            <IconChevronRight size={17} className={classes.chevron} data-open={open} aria-hidden />
            <strong>{typeNames[group.type]}</strong>
          </UnstyledButton>
          <small className={`${classes.under} num`}>{plural(group.cadences.length, "cadence")} · <Attempts n={group.attempts} of={calls} /></small>
        </div>
        <Bars of={group} name={typeNames[group.type]} calls={calls} />
      </div>
      {open && (
        <ul id={id} className={classes.inner}>
          {group.cadences.map((c) => <CadenceRow key={c.id} cadence={c} of={of} />)}
        </ul>
      )}
    </li>
  );
}

function CadenceRow({ cadence, of }: { cadence: CadenceFigures; of: AttemptFilter }) {
  const calls = { from: of.from, to: of.to, cadence: cadence.id };
  return (
    <li className={classes.row} data-small>
      <div className={classes.name}>
        <Link to="/cadences/$id" params={{ id: cadence.id }} className="open-link">{cadence.name}</Link>
        <small className="num">{statusNames[cadence.status]} · <Attempts n={cadence.attempts} of={calls} /></small>
      </div>
      <Bars of={cadence} name={cadence.name} calls={calls} />
    </li>
  );
}

/** How many calls, and the way to them. */
function Attempts({ n, of }: { n: number; of: AttemptFilter }) {
  const may = useMay()("attempts.read");
  const words = plural(n, "attempt");
  return may && n > 0 ? <Link to="/attempts" search={{ ...of, counts: "attempts" }} className={classes.calls}>{n < 100_000 ? words : `${brief(n)} attempts`}</Link> : <>{words}</>;
}

function Bars({ of, name, calls }: { of: Rates & { attempts: number }; name: string; calls: AttemptFilter }) {
  const may = useMay()("attempts.read");
  if (of.attempts === 0) return <p className={classes.none}>No attempts yet</p>;
  return (
    <div className={classes.bars}>
      {ticks.map((t) => <i key={t} className={classes.grid} style={{ left: `${t}%` }} aria-hidden />)}
      {rates.map((r) => {
        const share = (of[r.key] ?? 0) * 100;
        const bar = (
          <>
            <span className={classes.fill} style={{ width: `${share}%`, background: r.color }} />
            <span className={`${classes.value} num`} style={{ left: `${share}%` }}>
              <span className={classes.said}>{r.label} of {name}: </span>{rate(of[r.key])}
            </span>
          </>
        );
        return may && share > 0 ? (
          <Link key={r.key} to="/attempts" search={{ ...calls, counts: parts[r.key] }} className={classes.track} title={`The calls counted in the ${r.label.toLowerCase()} rate`}>{bar}</Link>
        ) : <div key={r.key} className={classes.track}>{bar}</div>;
      })}
    </div>
  );
}
