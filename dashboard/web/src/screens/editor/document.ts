import type { CadenceDocument, Step } from "../../api/client";

/** A place in a document: member names and list positions. */
export type Path = readonly (string | number)[];

/** A path as the server writes it: ["steps", 2, "delay_after"] → "steps[2].delay_after". */
export const pathText = (path: Path): string => path.reduce<string>((t, p) => (typeof p === "number" ? `${t}[${p}]` : t ? `${t}.${p}` : p), "");

/** What stands at a place, undefined where there is nothing. */
export function valueAt(from: unknown, path: Path): unknown {
  return path.reduce<unknown>((v, p) => (typeof v === "object" && v !== null ? (v as Record<string | number, unknown>)[p] : undefined), from);
}

const empty = (v: unknown): boolean => v === undefined || v === "" || v === false || (typeof v === "object" && v !== null && !Array.isArray(v) && Object.keys(v).length === 0) || (Array.isArray(v) && v.length === 0);

/** What a document always has, even when it says nothing. */
const kept = new Set(["name", "audience", "runs", "steps", "from", "to", "on", "do", "max", "delay", "key", "kind", "type", "signal", "if"]);

/** Puts a value at a place; what says nothing is left out of the document, as the server's own form leaves it out. */
export function put<T>(from: T, path: Path, value: unknown): T {
  const [head, ...rest] = path;
  if (head === undefined) return value as T;
  const inner = put((from as Record<string | number, unknown> | undefined)?.[head], rest, value);
  if (Array.isArray(from) || typeof head === "number") {
    const list = Array.isArray(from) ? [...(from as unknown[])] : [];
    list[head as number] = inner;
    return list as T;
  }
  const next: Record<string, unknown> = { ...(from as Record<string, unknown> | undefined) };
  if (inner === undefined || (empty(inner) && !kept.has(head))) delete next[head];
  else next[head] = inner;
  return next as T;
}

export const insert = <T>(list: readonly T[], at: number, item: T): T[] => [...list.slice(0, at), item, ...list.slice(at)];
export const without = <T>(list: readonly T[], at: number): T[] => list.filter((_, i) => i !== at);

/** The list with one item at another place; places outside change nothing. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const item = list[from];
  if (item === undefined || to < 0 || to >= list.length) return [...list];
  return insert(without(list, from), to, item);
}

/** A key no other step has: keys stay the same over versions, so they are made once and never from the name. */
export function freshKey(steps: readonly Step[], like = "call"): string {
  for (let n = steps.length + 1; ; n++) if (!steps.some((s) => s.key === `${like}-${n}`)) return `${like}-${n}`;
}

export const addStep = (d: CadenceDocument): CadenceDocument => {
  const key = freshKey(d.steps);
  const before = d.steps.at(-1);
  const steps = before && !before.delay_after ? [...d.steps.slice(0, -1), { ...before, delay_after: "24h" }] : d.steps;
  return { ...d, steps: [...steps, { key, kind: "call", name: `Call ${d.steps.length + 1}` }] };
};

export function duplicateStep(d: CadenceDocument, at: number): CadenceDocument {
  const step = d.steps[at];
  if (!step) return d;
  const copy = { ...structuredClone(step), key: freshKey(d.steps), name: `${step.name || step.key} (copy)` };
  return { ...d, steps: insert(d.steps, at + 1, copy) };
}

/** Puts a step back at its place, or where the others end; its key is its own. */
export const restoreStep = (d: CadenceDocument, step: Step, at: number): CadenceDocument =>
  d.steps.some((s) => s.key === step.key) ? d : { ...d, steps: insert(d.steps, Math.min(at, d.steps.length), step) };

/** Takes a step out. Routes that went to it are left as they are: the server names them, and nobody's meaning is guessed. */
export const removeStep = (d: CadenceDocument, at: number): CadenceDocument => ({ ...d, steps: without(d.steps, at) });
export const moveStep = (d: CadenceDocument, from: number, to: number): CadenceDocument => ({ ...d, steps: moved(d.steps, from, to) });

/** A new cadence: one call within office hours, and nowhere to go yet, which only its owner can know. */
export const blank = (name: string): CadenceDocument => ({
  format: "carillon.cadence/v1",
  name,
  time_restrictions: { windows: [{ days: ["mon", "tue", "wed", "thu", "fri"], from: "09:00", to: "17:00" }] },
  audience: { type: "manual" },
  runs: { max: 1 },
  steps: [{ key: "call-1", kind: "call", name: "Call 1" }],
});

export interface Edge {
  from: string;
  /** The outcome, or "" for every other one. */
  on: string;
  /** Key of a step, or one of the ends below. */
  to: string;
  words: string;
}

export const LEAVES = "·leaves";
export const RUN_ENDS = "·run-ends";

/** Where each outcome of each step leads: what the graph draws and the table says. */
export function edges(d: CadenceDocument): Edge[] {
  return d.steps.flatMap((s, i) => {
    const next = d.steps[i + 1]?.key ?? RUN_ENDS;
    const own = s.routes ?? [];
    const rest = (d.routes ?? []).filter((r) => !own.some((o) => o.on === r.on));
    const list: Edge[] = [...own, ...rest].map((r) => {
      const wait = r.delay ? ` after ${r.delay}` : "";
      if (r.do === "retry") return { from: s.key, on: r.on, to: s.key, words: `again${wait}${r.max ? `, ${r.max} times at most` : ""}` };
      if (r.do === "callback") return { from: s.key, on: r.on, to: s.key, words: "when asked for" };
      if (r.do === "goto") return { from: s.key, on: r.on, to: r.to ?? "", words: `go there${wait}` };
      if (r.do === "transition") return { from: s.key, on: r.on, to: LEAVES, words: `to “${r.to ?? ""}”${wait}` };
      if (r.do === "exit") return { from: s.key, on: r.on, to: LEAVES, words: "leaves" };
      return { from: s.key, on: r.on, to: next, words: `next${wait || (s.delay_after ? ` after ${s.delay_after}` : "")}` };
    });
    const after = d.steps[i + 1] ? (s.delay_after ? `after ${s.delay_after}` : "at once") : "the run ends";
    return [...list, { from: s.key, on: "", to: next, words: after }];
  });
}
