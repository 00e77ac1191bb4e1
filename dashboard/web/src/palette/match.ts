/** What the palette can find: it goes somewhere, or does something. */
export interface Item {
  id: string;
  group: string;
  label: string;
  /** Told beside the label, and looked through too. */
  about?: string;
  /** Looked through, and not told. */
  words?: string;
  keys?: string;
  run: () => void;
}

const tidy = (s: string) => s.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").trim();

/** How well a text fits what was typed: 3 when it begins so, 2 when a word does, 1 when it is in it, 0 when all words of it are somewhere; -1 else. */
export function fit(item: Item, query: string): number {
  const q = tidy(query);
  if (q === "") return 0;
  const label = tidy(item.label);
  if (label.startsWith(q)) return 3;
  if (label.split(/[\s:,“”()]+/).some((w) => w.startsWith(q))) return 2;
  if (label.includes(q)) return 1;
  const rest = `${label} ${tidy(item.about ?? "")} ${tidy(item.words ?? "")}`;
  return q.split(/\s+/).every((w) => rest.split(/[\s:,“”()]+/).some((x) => x.startsWith(w))) ? 0 : -1;
}

/** The items that fit, the best of each group first; groups keep their order, but one whose best fits better goes before. */
export function found(items: readonly Item[], query: string, most: number): { group: string; items: Item[] }[] {
  const groups = new Map<string, { item: Item; how: number }[]>();
  for (const item of items) {
    const how = fit(item, query);
    if (how >= 0) groups.set(item.group, [...(groups.get(item.group) ?? []), { item, how }]);
  }
  const sorted = [...groups].map(([group, of]) => ({ group, of: of.toSorted((a, b) => b.how - a.how) }));
  const ranked = query.trim() === "" ? sorted : sorted.toSorted((a, b) => (b.of[0]?.how ?? 0) - (a.of[0]?.how ?? 0));
  return ranked.map(({ group, of }) => ({ group, items: of.slice(0, most).map((x) => x.item) }));
}

const kinds = { cd: "cadence", ld: "lead", at: "attempt", ls: "list" } as const;

/** The record that an id names, however it was pasted. */
export function idIn(query: string): { kind: (typeof kinds)[keyof typeof kinds]; id: string } | undefined {
  const m = /\b((cd|ld|at|ls)_[a-z2-7]{26})\b/.exec(query);
  return m ? { kind: kinds[m[2] as keyof typeof kinds], id: m[1] ?? "" } : undefined;
}
