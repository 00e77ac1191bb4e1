import type { PackRule, Packs } from "../../api/compliance";

export interface RuleFilter {
  q?: string;
  kind?: string;
  place?: string;
}

export const kindNames: Record<string, string> = {
  window: "Hours", holiday: "Holiday", emergency: "Ban for a time", cap: "Number of calls", wait: "Silence", consent: "Consent", ring: "Ringing", tz: "Time zone", dnc: "Do not call", scrub: "List",
  abandon: "Abandoned calls", callerid: "Caller ID", recording: "Recording", retention: "Retention", stop: "Stop", number: "Number", zone: "Time zone", money: "Money",
};

export const confidences: Record<PackRule["confidence"], string> = { V: "Verified at its source", S: "From one secondary source", M: "From memory: to be verified" };

/** Where a rule holds, in words. */
export function places(r: Pick<PackRule, "countries" | "states">): string {
  const where = [r.countries.join(", "), r.states.join(", ")].filter(Boolean).join(": ");
  return where || "Everywhere";
}

/** Which calls a rule is about beside their place. */
export function calls(r: Pick<PackRule, "purposes" | "voices" | "lines">): string {
  const list = (words: readonly string[]) => words.join(", ").replaceAll("_", " ");
  return [list(r.purposes), list(r.voices) && `${list(r.voices)} voice`, list(r.lines) && `${list(r.lines)} lines`].filter(Boolean).join("; ") || "every call";
}

/** What rules call a consent or a relationship, in words: "consent.express_written" → "express written consent". */
export const evidence = (name: string): string => (name.startsWith("consent.") ? `${name.slice(8).replaceAll("_", " ")} consent` : name.startsWith("ebr.") ? `a business relationship (${name.slice(4).replaceAll("_", " ")})` : name.replaceAll(".", " "));

type Params = Partial<{
  days: Record<string, string[]>; zone: string; calendar: string; dates: string[]; open: string[]; key: string[]; max: number; per: string; after: string; for: string; need: string; min_ring: string;
  npa: string[]; zones: string[]; list: string; honour_within: string; max_age: string; max_percent: number; connect_within: string; message: boolean; must_present: boolean; callable_back: boolean; series: string[];
  announce: boolean; keep: string; what: string[];
}>;

/** What a rule asks for, in a sentence made of its numbers. */
export function demands(r: Pick<PackRule, "kind" | "params">): string {
  const p = r.params as Params;
  const of = p.key?.length ? `, counted by ${p.key.join(" and ")}` : "";
  switch (r.kind) {
    case "window":
      return `Allowed ${Object.entries(p.days ?? {}).map(([d, spans]) => `${d} ${spans.length > 0 ? spans.join(" and ") : "never"}`).join("; ")}${p.zone ? ` by the clock of ${p.zone}` : ""}`;
    case "holiday":
      return `Not on ${[p.calendar && `the days of ${p.calendar}`, p.dates?.join(", ")].filter(Boolean).join(" and ")}${p.open?.length ? `, but ${p.open.join(" and ")}` : ""}`;
    case "cap":
      return `At most ${p.max} per ${p.per}${of}`;
    case "wait":
      return `${p.for} of silence after a ${p.after}${of}`;
    case "consent":
      return `Needs ${evidence(p.need ?? "")}`;
    case "ring":
      return `Rings at least ${p.min_ring}`;
    case "tz":
      return `Area codes ${p.npa?.join(", ")} lie in ${p.zones?.join(", ")} too`;
    case "dnc":
      return `List “${p.list}”${p.honour_within ? `, honoured within ${p.honour_within}` : ""}`;
    case "scrub":
      return `List “${p.list}”, not older than ${p.max_age}`;
    case "abandon":
      return `At most ${p.max_percent}% per ${p.per}${p.connect_within ? `, connected within ${p.connect_within}` : ""}${p.message ? " or told who called" : ""}${of}`;
    case "emergency":
      return "Nothing is allowed while it lasts";
  }
  const said = Object.entries(p).map(([k, v]) => `${k.replaceAll("_", " ")}: ${Array.isArray(v) ? v.join(", ") : v === true ? "yes" : String(v)}`);
  return said.join("; ") || "–";
}

/** From when to when a rule holds, in words; empty for always. */
export const dates = (r: Pick<PackRule, "effective_from" | "effective_to">): string => [r.effective_from && `from ${r.effective_from}`, r.effective_to && `until ${r.effective_to}`].filter(Boolean).join(" ");

/** Every place that some rule names, to choose from. */
export function allPlaces(p: Packs): string[] {
  const out = new Set<string>();
  for (const f of p.files) for (const r of f.rules) for (const w of [...r.countries, ...r.states.map((s) => `${r.countries[0] ?? ""}-${s}`)]) out.add(w);
  return [...out].sort();
}

/** The rules that a filter leaves, file by file; those that hold everywhere hold in each place. */
export function chosen(p: Packs, f: RuleFilter): Packs["files"] {
  const q = f.q?.toLowerCase();
  const [country, state] = (f.place ?? "").split("-");
  const fits = (r: PackRule) =>
    (!f.kind || r.kind === f.kind) &&
    (!q || `${r.id} ${r.title} ${r.source}`.toLowerCase().includes(q)) &&
    (!country || ((r.countries.length === 0 || r.countries.includes(country)) && (!state ? true : r.states.length === 0 || r.states.includes(state))));
  return p.files.map((file) => ({ ...file, rules: file.rules.filter(fits) })).filter((file) => file.rules.length > 0);
}

const text = (v: unknown, most: number) => (typeof v === "string" && v !== "" ? v.slice(0, most) : undefined);

export const ruleSearch = (s: Record<string, unknown>): RuleFilter => ({ q: text(s.q, 200), kind: text(s.kind, 20), place: text(s.place, 10) });
