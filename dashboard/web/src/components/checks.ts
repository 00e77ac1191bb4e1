import type { Schemas } from "../api/client";

type Check = Schemas["Check"];

interface Sorted {
  /** Rules that refuse the call, or compared something. */
  told: Check[];
  /** Rules that the call passes and that have no number to tell. */
  silent: Check[];
  /** Duties of law that the permit does not judge. */
  duties: Check[];
}

/** The checks of a trace by how much there is to tell of them, each in its order. */
export function sorted(checks: readonly Check[]): Sorted {
  const out: Sorted = { told: [], silent: [], duties: [] };
  for (const c of checks) {
    if (c.duty) out.duties.push(c);
    else if (c.result !== "allow" || c.detail || c.local) out.told.push(c);
    else out.silent.push(c);
  }
  return out;
}
