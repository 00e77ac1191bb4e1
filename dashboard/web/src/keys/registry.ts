/** Where the help lists a key. */
export type Group = "This page" | "Tables" | "Go to" | "Everywhere";

/** One thing that a key does. The palette and the help are made of the same. */
export interface Shortcut {
  /** One key ("n"), two one after the other ("g c"), or with the command key ("mod+k"). */
  keys: string;
  label: string;
  group: Group;
  run: () => void;
  /** More keys that do the same. */
  also?: readonly string[];
  /** Not offered by the palette: it would do nothing there. */
  keyOnly?: boolean;
}

/** How long (ms) the first of two keys waits for the second. */
const SEQUENCE = 1500;

/** What a listener needs of a key press. */
export type Press = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "repeat" | "target">;

const all: { of: readonly Shortcut[] }[] = [];
const listeners = new Set<() => void>();
let shown: readonly Shortcut[] = [];

/** Adds keys for as long as what they act on is there; of two with the same key the newer one counts. Returns how to take them off. */
export function register(of: readonly Shortcut[]): () => void {
  const entry = { of };
  all.push(entry);
  changed();
  return () => {
    all.splice(all.indexOf(entry), 1);
    changed();
  };
}

function changed() {
  const newest = new Map<string, Shortcut>();
  for (const { of } of all) for (const s of of) {
    newest.delete(s.keys);
    newest.set(s.keys, s);
  }
  shown = [...newest.values()];
  for (const tell of listeners) tell();
}

/** Every key that does something now. The same array until something changes. */
export const shortcuts = (): readonly Shortcut[] => shown;

export function subscribe(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

const PLACE = "carillon.keys";

/** Whether single keys do anything. Who dictates, or hits keys by accident, switches them off; Ctrl-K stays. */
export function singleKeys(): boolean {
  try {
    return localStorage.getItem(PLACE) !== "off";
  } catch {
    return true; // a browser that keeps nothing
  }
}

export function setSingleKeys(on: boolean) {
  try {
    if (on) localStorage.removeItem(PLACE);
    else localStorage.setItem(PLACE, "off");
  } catch {
    // It lasts no longer than the page then, which a reload shows.
  }
  changed();
  shown = [...shown]; // whoever shows key caps draws anew
  for (const tell of listeners) tell();
}

/** Whether a press goes into a field, where letters are letters. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches("input:not([type=checkbox],[type=radio],[type=button],[type=submit]),textarea,select,[role=textbox],[role=combobox]");
}

/** Finds what a press stands for; keeps the first of two keys until the second comes or its time is over. */
export function reader(now: () => number = () => performance.now()) {
  let first = "";
  let until = 0;
  return (e: Press, of: readonly Shortcut[]): Shortcut | undefined => {
    const mod = e.ctrlKey || e.metaKey;
    const find = (keys: string) => of.findLast((s) => s.keys === keys || s.also?.includes(keys));
    if (mod) return e.altKey ? undefined : find(`mod+${e.key.toLowerCase()}`);
    if (e.altKey || e.repeat || isTyping(e.target) || !singleKeys()) return undefined;
    const key = e.key === " " ? "Space" : e.key;
    const begun = first && now() < until ? first : "";
    first = "";
    const hit = find(begun ? `${begun} ${key}` : key);
    if (!hit && !begun && of.some((s) => s.keys.startsWith(`${key} `))) {
      first = key;
      until = now() + SEQUENCE;
    }
    return hit;
  };
}

/** A key as its cap shows it. */
export function cap(key: string): string {
  if (key === "mod") return /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : "Ctrl";
  const named: Record<string, string> = { ArrowDown: "↓", ArrowUp: "↑", Escape: "Esc", Enter: "Enter" };
  return named[key] ?? (key.length === 1 && /[a-z]/.test(key) ? key.toUpperCase() : key);
}

/** The caps of a shortcut: "g c" → G, C; "mod+k" → Ctrl, K. */
export const caps = (keys: string): string[] => (keys.includes("+") && keys !== "+" ? keys.split("+") : keys.split(" ")).map(cap);
