import { Badge } from "@mantine/core";
import { memo } from "react";
import type { CadenceItem } from "../api/client";
import { standing } from "../lib/figures";
import { sameIn } from "../lib/same";
import classes from "./StatusBadge.module.css";

interface Props {
  cadence: Pick<CadenceItem, "status" | "version" | "halted">;
}

/** A cadence's status; a halt by name is told beside it, since it leaves the status alone. */
export const StatusBadge = memo(function StatusBadge({ cadence }: Props) {
  return (
    <span className={classes.both}>
      <Badge variant="default" className={classes.badge} data-status={cadence.status === "draft" && cadence.version > 0 ? "inactive" : cadence.status}>{standing(cadence)}</Badge>
      {cadence.halted && <Badge variant="default" className={classes.badge} data-status="halted">Stopped</Badge>}
    </span>
  );
}, sameIn<Props, "cadence">("cadence", ["status", "version", "halted"]));
