import { Tooltip, UnstyledButton } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { AnswerType } from "../api/client";
import { type CadenceFigures, type Rates, type TypeGroup, rates, statusNames, typeNames } from "../lib/figures";
import { brief, plural, rate } from "../lib/format";
import classes from "./RateChart.module.css";

interface Props {
  groups: readonly TypeGroup[];
  open: readonly AnswerType[];
  toggle: (type: AnswerType) => void;
}

const ticks = [0, 25, 50, 75, 100];

/** Three bars per type on one scale from 0 to 100 %, each with its value written beside it. */
export function RateChart({ groups, open, toggle }: Props) {
  return (
    <div className={classes.chart}>
      <ul className={classes.legend} aria-label="Legend">
        {rates.map((r) => (
          <Tooltip key={r.key} label={r.about}>
            <li><i style={{ background: r.color }} aria-hidden />{r.label} rate</li>
          </Tooltip>
        ))}
      </ul>
      <ul className={classes.rows}>
        {groups.map((g) => <TypeRow key={g.type} group={g} open={open.includes(g.type)} toggle={() => toggle(g.type)} />)}
      </ul>
      <div className={classes.axis} aria-hidden>
        {ticks.map((t) => <span key={t} style={{ left: `${t}%` }}>{t}%</span>)}
      </div>
    </div>
  );
}

function TypeRow({ group, open, toggle }: { group: TypeGroup; open: boolean; toggle: () => void }) {
  const id = `cadences-of-${group.type}`;
  return (
    <li>
      <div className={classes.row}>
        <UnstyledButton className={classes.name} aria-expanded={open} aria-controls={open ? id : undefined} onClick={toggle}>
          <IconChevronRight size={17} className={classes.chevron} data-open={open} aria-hidden />
          <span>
            <strong>{typeNames[group.type]}</strong>
            <small className="num">{plural(group.cadences.length, "cadence")} · {brief(group.attempts)} attempts</small>
          </span>
        </UnstyledButton>
        <Bars of={group} />
      </div>
      {open && (
        <ul id={id} className={classes.inner}>
          {group.cadences.map((c) => <CadenceRow key={c.id} cadence={c} />)}
        </ul>
      )}
    </li>
  );
}

function CadenceRow({ cadence }: { cadence: CadenceFigures }) {
  return (
    <li className={classes.row} data-small>
      <span className={classes.name}>
        <span>
          <Link to="/cadences/$id" params={{ id: cadence.id }} className="open-link">{cadence.name}</Link>
          <small className="num">{statusNames[cadence.status]} · {brief(cadence.attempts)} attempts</small>
        </span>
      </span>
      <Bars of={cadence} />
    </li>
  );
}

function Bars({ of }: { of: Rates & { attempts: number } }) {
  if (of.attempts === 0) return <p className={classes.none}>No attempts yet</p>;
  return (
    <div className={classes.bars}>
      {ticks.map((t) => <i key={t} className={classes.grid} style={{ left: `${t}%` }} aria-hidden />)}
      {rates.map((r) => {
        const share = (of[r.key] ?? 0) * 100;
        return (
          <div key={r.key} className={classes.track}>
            <div className={classes.fill} style={{ width: `${share}%`, background: r.color }} />
            <span className={`${classes.value} num`} style={{ left: `${share}%` }}>
              <span className={classes.said}>{r.label} </span>{rate(of[r.key])}
            </span>
          </div>
        );
      })}
    </div>
  );
}
