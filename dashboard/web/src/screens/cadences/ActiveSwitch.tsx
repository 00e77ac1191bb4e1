import { Switch, Tooltip } from "@mantine/core";
import { memo } from "react";
import type { CadenceItem } from "../../api/client";
import { useMay } from "../../api/me";
import { sameIn } from "../../lib/same";
import { useActive } from "./useActive";

/** Why a cadence cannot be switched on, or nothing when it can. */
function obstacle(c: Props["cadence"], may: boolean): string | undefined {
  if (!may) return "Switching a cadence on or off takes the grant cadences.manage.";
  if (c.status === "archived") return "It is archived. Bring it back first, in its menu.";
  if (c.version > 0) return undefined;
  return c.publishable ? "Publish it first: only a published version can run." : "Its draft has errors. Open it to see what to change, then publish.";
}

type Props = { cadence: Pick<CadenceItem, (typeof shown)[number]>; label?: string };
const shown = ["id", "name", "status", "version", "publishable"] as const;

/** Lets a cadence dial or not. It moves at once and goes back when the server refuses. */
export const ActiveSwitch = memo(function ActiveSwitch({ cadence, label }: Props) {
  const active = useActive();
  const why = obstacle(cadence, useMay()("cadences.manage"));
  const on = cadence.status === "active";
  const control = (
    <Switch
      size="md" checked={on} label={label} labelPosition="left" aria-label={`${cadence.name}: active`} aria-busy={active.isPending || undefined}
      aria-disabled={why !== undefined || undefined} data-blocked={why !== undefined || undefined}
      styles={why ? { track: { opacity: 0.45, cursor: "not-allowed" } } : undefined}
      onChange={() => {
        if (!why && !active.isPending) active.mutate({ id: cadence.id, name: cadence.name, on: !on });
      }}
    />
  );
  return why ? <Tooltip label={why} refProp="rootRef">{control}</Tooltip> : control;
}, sameIn<Props, "cadence">("cadence", shown));
