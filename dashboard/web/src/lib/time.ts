const formats = new Map<string, Intl.DateTimeFormat>();

let house: string | undefined;

/** Says in which zone the page shows and reads times; without one it is the browser's. The server says so once, before anything is drawn. */
export function setPageZone(zone: string | null) {
  house = zone ?? undefined;
}

/** The one zone in which every page shows and reads times. The frame names it. */
export const pageZone = (): string => house ?? Intl.DateTimeFormat().resolvedOptions().timeZone;

function format(zone: string | undefined, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const of = zone ?? pageZone();
  const key = `${of} ${JSON.stringify(options)}`;
  let f = formats.get(key);
  if (!f) formats.set(key, (f = new Intl.DateTimeFormat("en-US", { ...options, timeZone: of, hourCycle: "h23" })));
  return f;
}

/** An instant as a date and time with its zone, for example "Tue, Jan 6, 2026, 09:57 EST". Without a zone, the page's. */
export function instant(iso: string, zone?: string): string {
  return format(zone, {
    weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short",
  }).format(new Date(iso));
}

/** A wall time of some place as people read it, "2026-01-06T08:01:12" → "Tue, Jan 6, 2026, 08:01", whatever offset stands behind it. */
export function wall(local: string): string {
  if (!local) return "–";
  return format("UTC", { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" }).format(new Date(`${local.slice(0, 19)}Z`));
}

/** The time of day with seconds and zone, for example "09:57:12 EST". */
export function timeOfDay(iso: string, zone?: string): string {
  return format(zone, { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "short" }).format(new Date(iso));
}

const INSTANT = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

/** A text of the server with its instants as people read them. */
export const readable = (text: string, zone?: string): string => text.replace(INSTANT, (iso) => instant(iso, zone));

/** The date alone, for example "Jan 6, 2026". */
export function date(iso: string, zone?: string): string {
  return format(zone, { day: "numeric", month: "short", year: "numeric" }).format(new Date(iso));
}

/** A period in words with its zone, for example "Jan 1, 09:45 – Jan 8, 09:45 EST". */
export function period(p: { from: string; to: string }, zone?: string): string {
  const at = (iso: string, named: boolean) =>
    format(zone, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZoneName: named ? "short" : undefined }).format(new Date(iso));
  return `${at(p.from, false)} – ${at(p.to, true)}`;
}

const steps: readonly [seconds: number, unit: Intl.RelativeTimeFormatUnit][] = [
  [60, "second"], [3600, "minute"], [86_400, "hour"], [30 * 86_400, "day"], [365 * 86_400, "month"],
];
// Never "yesterday": a day is 24 hours here, and the calendar may have turned twice in one and a half.
const relative = new Intl.RelativeTimeFormat("en", { numeric: "always" });

/**
 * How long ago an instant was, for example "3 hours ago". Now is the answer's own as_of and not the browser's clock:
 * a demo lives in virtual time.
 */
export function ago(iso: string, now: string): string {
  const seconds = (Date.parse(iso) - Date.parse(now)) / 1000;
  if (Math.abs(seconds) < 45) return "just now";
  let size = 1;
  for (const [limit, unit] of steps) {
    const n = Math.round(seconds / size);
    if (Math.abs(n) * size < limit) return relative.format(n, unit);
    size = limit;
  }
  return relative.format(Math.round(seconds / (365 * 86_400)), "year");
}

/** Seconds per unit of a span; months and business days are of the calendar and only about this long. */
const units: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, mo: 30 * 86_400, bd: 86_400 };
const names: Record<string, string> = { s: "second", m: "minute", h: "hour", d: "day", w: "week", mo: "month", bd: "business day" };

export interface Length {
  seconds: number;
  /** True when the calendar decides how long it really is. */
  about: boolean;
}

/** The length of a span like "4h" or "3bd"; nothing is no time at all. */
export function spanLength(span: string | undefined): Length {
  const m = /^(\d+)(s|m|h|d|w|mo|bd)$/.exec(span ?? "0s");
  const unit = m?.[2] ?? "s";
  return { seconds: Number(m?.[1] ?? 0) * (units[unit] ?? 1), about: unit === "mo" || unit === "bd" };
}

/** A span in words: "4h" → "4 hours", nothing → "at once". */
export function spanWords(span: string | undefined): string {
  const m = /^(\d+)(s|m|h|d|w|mo|bd)$/.exec(span ?? "0s");
  const n = Number(m?.[1] ?? 0);
  if (n === 0) return "at once";
  return `${n} ${names[m?.[2] ?? "s"]}${n === 1 ? "" : "s"}`;
}

/** A length in its two largest units: 100800 → "1 d 4 h". */
export function lengthWords(seconds: number): string {
  if (seconds === 0) return "0";
  const parts: string[] = [];
  let rest = seconds;
  for (const [size, name] of [[86_400, "d"], [3600, "h"], [60, "min"], [1, "s"]] as const) {
    const n = Math.floor(rest / size);
    if (n > 0) parts.push(`${n} ${name}`);
    rest -= n * size;
  }
  return parts.slice(0, 2).join(" ");
}

/** How long something took, to two digits: 0.0042 → "4.2 ms", 75 → "1 min 15 s"; null → "–". */
export function took(seconds: number | null): string {
  if (seconds === null) return "–";
  if (seconds >= 60) return lengthWords(Math.round(seconds));
  if (seconds >= 1) return `${seconds.toFixed(seconds >= 10 ? 0 : 1)} s`;
  const ms = seconds * 1000;
  return ms > 0 && ms < 0.1 ? "< 0.1 ms" : `${ms.toFixed(ms >= 10 || ms === 0 ? 0 : 1)} ms`;
}
