import { Switch, Tooltip } from "@mantine/core";
import type { CadenceItem } from "../../api/client";
import { useActive } from "./useActive";

/** Why a cadence cannot be switched on, or nothing when it can. */
function obstacle(c: CadenceItem): string | undefined {
  if (c.version > 0) return undefined;
  return c.publishable ? "Publish it first: only a published version can run." : "Its draft has errors. Open it to see what to change, then publish.";
}

/** Lets a cadence dial or not. It moves at once and goes back when the server refuses. */
export function ActiveSwitch({ cadence, label }: { cadence: CadenceItem; label?: string }) {
  const active = useActive();
  const why = obstacle(cadence);
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
}
