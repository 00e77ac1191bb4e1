import { Checkbox } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { type Lead, leadName } from "../../api/leads";
import classes from "./Leads.module.css";

/** Height (px) of a row; every row has it, so that no row needs to be measured. */
const ROW = 52;
/** How many rows beyond the screen are drawn, and how near its end the table asks for more. */
const AHEAD = 12;

interface Props {
  leads: readonly Lead[];
  chosen: ReadonlySet<string>;
  toggle: (id: string) => void;
  toggleAll: () => void;
  more: boolean;
  load: () => void;
}

/** Leads in rows of which only those in sight are in the page, however many there are. */
export function LeadTable({ leads, chosen, toggle, toggleAll, more, load }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const rows = useWindowVirtualizer({ count: leads.length, estimateSize: () => ROW, overscan: AHEAD, scrollMargin: box.current?.offsetTop ?? 0, getItemKey: (i) => leads[i]?.id ?? i });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= leads.length - AHEAD) load();
  }, [more, last, leads.length, load]);
  const all = leads.length > 0 && leads.every((l) => chosen.has(l.id));
  return (
    <div role="table" aria-label="Leads" aria-rowcount={more ? -1 : leads.length + 1} className={classes.table}>
      <div role="rowgroup">
        <div role="row" aria-rowindex={1} className={`${classes.row} ${classes.head}`}>
          <span role="columnheader"><Checkbox size="sm" aria-label="Choose every lead shown" checked={all} indeterminate={!all && chosen.size > 0} onChange={toggleAll} /></span>
          <span role="columnheader">Name</span>
          <span role="columnheader">Number</span>
          <span role="columnheader" className={classes.wide}>E-mail</span>
          <span role="columnheader" className={classes.wide}>External id</span>
          <span role="columnheader" className={classes.wide}>Status</span>
        </div>
      </div>
      <div role="rowgroup" ref={box} style={{ height: rows.getTotalSize(), position: "relative" }}>
        {shown.map((v) => {
          const l = leads[v.index];
          return l && (
            <div role="row" key={v.key} aria-rowindex={v.index + 2} data-lead={l.id} className={classes.row} style={{ height: ROW, transform: `translateY(${v.start - rows.options.scrollMargin}px)`, position: "absolute", insetInline: 0, top: 0 }}>
              <span role="cell"><Checkbox size="sm" aria-label={`Choose ${leadName(l)}`} checked={chosen.has(l.id)} onChange={() => toggle(l.id)} /></span>
              <span role="cell" className={classes.cell}><Link to="/leads/$id" params={{ id: l.id }} className="open-link"><bdi>{leadName(l)}</bdi></Link></span>
              <span role="cell" className={`${classes.cell} num`}>{l.numbers[0]?.number ?? "–"}{l.numbers.length > 1 && <small> +{l.numbers.length - 1}</small>}</span>
              <span role="cell" className={`${classes.cell} ${classes.wide}`}>{l.email ? <bdi>{l.email}</bdi> : "–"}</span>
              <span role="cell" className={`${classes.cell} ${classes.wide}`}>{l.external_id ? <bdi>{l.external_id}</bdi> : "–"}</span>
              <span role="cell" className={`${classes.cell} ${classes.wide}`}>{l.status ? <bdi>{l.status}</bdi> : "–"}</span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
