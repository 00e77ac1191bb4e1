import { Checkbox } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconArrowsSort } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useRef } from "react";
import { type LeadRow, type LeadSort, leadName } from "../../api/leads";
import { When } from "../../components/When";
import { type Column, ariaSort, columns, fitting, nextSort } from "./columns";
import classes from "./Leads.module.css";

/** Height (px) of a row; every row has it, so that no row needs to be measured. */
const ROW = 52;
/** How many rows beyond the screen are drawn, and how near its end the table asks for more. */
const AHEAD = 12;
/** Width (px) that a tablet has for the columns beside the name. */
const TABLET = 480;

interface Props {
  leads: readonly LeadRow[];
  /** The engine's time, by which "ago" is told. */
  now: string;
  cols: readonly Column[];
  sort?: LeadSort;
  /** Left out while a search has an order of its own. */
  sortBy?: (sort: LeadSort | undefined) => void;
  /** Left out for whoever may do nothing with a choice. */
  choice?: { chosen: ReadonlySet<string>; toggle: (id: string) => void; toggleAll: () => void };
  more: boolean;
  load: () => void;
}

/** Leads in rows of which only those in sight are in the page, however many there are. */
export function LeadTable({ leads, now, cols, sort, sortBy, choice, more, load }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const rows = useWindowVirtualizer({ count: leads.length, estimateSize: () => ROW, overscan: AHEAD, scrollMargin: box.current?.offsetTop ?? 0, getItemKey: (i) => leads[i]?.id ?? i });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= leads.length - AHEAD) load();
  }, [more, last, leads.length, load]);
  const some = columns.filter((c) => cols.includes(c.key));
  const fit = fitting(some.map((c) => c.key), TABLET);
  const check = choice ? "28px " : "";
  const grid = {
    "--columns": `${check}minmax(160px, 2fr) ${some.map((c) => c.width).join(" ")}`,
    "--middle": `${check}minmax(130px, 1.6fr) ${some.filter((c) => fit.includes(c.key)).map((c) => c.width).join(" ")}`,
    "--narrow": `${check}minmax(0, 1fr) minmax(0, 140px)`,
  } as React.CSSProperties;
  /** Where a column is left out. */
  const less = (c: Column) => (fit.includes(c) ? (c === fit[0] ? "" : classes.middle) : classes.wide);
  const all = choice !== undefined && leads.length > 0 && leads.every((l) => choice.chosen.has(l.id));
  const head = (label: string, by?: "name" | "created" | "called") =>
    by && sortBy ? <button type="button" className={classes.sort} onClick={() => sortBy(nextSort(sort, by))}>{label}<Arrow sort={ariaSort(sort, by)} /></button> : label;
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label="List of leads">
      <div role="table" aria-label="Leads" aria-rowcount={more ? -1 : leads.length + 1} className={classes.table} style={grid} data-rows>
        <div role="rowgroup">
          <div role="row" aria-rowindex={1} className={`${classes.row} ${classes.head}`}>
            {choice && <span role="columnheader"><Checkbox size="sm" aria-label="Choose every lead shown" checked={all} indeterminate={!all && choice.chosen.size > 0} onChange={choice.toggleAll} /></span>}
            <span role="columnheader" aria-sort={sortBy && ariaSort(sort, "name")}>{head("Name", "name")}</span>
            {some.map((c) => <span key={c.key} role="columnheader" aria-sort={c.sort && sortBy ? ariaSort(sort, c.sort) : undefined} className={less(c.key)}>{head(c.label, c.sort)}</span>)}
          </div>
        </div>
        <div role="rowgroup" ref={box} style={{ height: rows.getTotalSize(), position: "relative" }}>
          {shown.map((v) => {
            const l = leads[v.index];
            return l && (
              <div role="row" key={v.key} aria-rowindex={v.index + 2} data-lead={l.id} className={classes.row} style={{ height: ROW, transform: `translateY(${v.start - rows.options.scrollMargin}px)`, position: "absolute", insetInline: 0, top: 0 }}>
                {choice && <span role="cell"><Checkbox size="sm" aria-label={`Choose ${leadName(l)}`} checked={choice.chosen.has(l.id)} onChange={() => choice.toggle(l.id)} /></span>}
                <span role="cell" className={classes.cell}><Link to="/leads/$id" params={{ id: l.id }} className="open-link"><bdi>{leadName(l)}</bdi></Link></span>
                {some.map((c) => <span key={c.key} role="cell" className={`${classes.cell} ${less(c.key)}`}>{cell(c.key, l, now)}</span>)}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

const arrows = { ascending: IconArrowUp, descending: IconArrowDown, none: IconArrowsSort };

function Arrow({ sort }: { sort: keyof typeof arrows }) {
  const Icon = arrows[sort];
  return <Icon size={14} aria-hidden data-off={sort === "none" || undefined} />;
}

const text = (s: string): ReactNode => (s ? <bdi>{s}</bdi> : "–");

function cell(column: Column, l: LeadRow, now: string): ReactNode {
  switch (column) {
    case "number": return <span className="num">{l.numbers[0]?.number ?? "–"}{l.numbers.length > 1 && <small> +{l.numbers.length - 1}</small>}</span>;
    case "email": return text(l.email);
    case "external": return text(l.external_id);
    case "status": return text(l.status);
    case "owner": return text(l.owner);
    case "place": return text(l.state);
    case "created": return <When at={l.created_at} now={now} />;
    case "called": return l.called_at ? <When at={l.called_at} now={now} /> : "Never";
  }
}
