/** How many leads one request may name. */
export const MOST = 10_000;

/** A choice with a lead put in or taken out. */
export function toggled(chosen: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(chosen);
  if (!next.delete(id)) next.add(id);
  return next;
}

/** A choice with all of some leads put in, or, when all of them are in already, taken out. */
export function toggledAll(chosen: ReadonlySet<string>, ids: readonly string[]): ReadonlySet<string> {
  const all = ids.every((id) => chosen.has(id));
  const next = new Set(chosen);
  for (const id of ids) {
    if (all) next.delete(id);
    else next.add(id);
  }
  return next;
}

/** Whether somebody typed the count that is asked for; spaces and thousands separators do not matter. */
export const typed = (text: string, count: number): boolean => text.replace(/[\s,.]/g, "") === String(count);
