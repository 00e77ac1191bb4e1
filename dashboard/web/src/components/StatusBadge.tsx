import { Badge } from "@mantine/core";
import type { CadenceItem } from "../api/client";
import { statusNames } from "../lib/figures";
import classes from "./StatusBadge.module.css";

/** A cadence's status; a halt by name is told beside it, since it leaves the status alone. */
export function StatusBadge({ cadence }: { cadence: Pick<CadenceItem, "status" | "halted"> }) {
  return (
    <span className={classes.both}>
      <Badge variant="default" className={classes.badge} data-status={cadence.status}>{statusNames[cadence.status]}</Badge>
      {cadence.halted && <Badge variant="default" className={classes.badge} data-status="halted">Stopped</Badge>}
    </span>
  );
}
