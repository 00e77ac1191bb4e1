const whole = new Intl.NumberFormat("en-US");
const short = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });

/** 12345 → "12,345". */
export const count = (n: number): string => whole.format(n);

/** 12345678 → "12.3M"; up to 99,999 every digit is shown. */
export const brief = (n: number): string => (n < 100_000 ? whole.format(n) : short.format(n));

/** 0.1234 → "12.3%"; null, which is a rate of nothing, → "–". None and all are written where it is none or all, and nowhere near. */
export function rate(r: number | null): string {
  if (r === null) return "–";
  if (r === 0 || r === 1) return `${r * 100}%`;
  if (r > 0 && r < 0.001) return "< 0.1%";
  if (r < 1 && r > 0.999) return "> 99.9%";
  return `${(r * 100).toFixed(1)}%`;
}

/** A rate from its two counts. */
export const ratio = (part: number, all: number): number | null => (all > 0 ? part / all : null);

/** 4.25 → "4.3"; null → "–". */
export const decimal = (n: number | null): string => (n === null ? "–" : n.toFixed(1));

/** "1 lead", "1,204 leads". */
export const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`;

/** A server's message as a sentence: "no such lead" → "No such lead."; what begins with the id of a rule keeps it. */
export function sentence(message: string): string {
  if (message === "") return "";
  const id = /^[a-z]+[._][a-z]/.test(message);
  return (id ? message : message.charAt(0).toUpperCase() + message.slice(1)) + (/[.!?…]["”]?$/.test(message) ? "" : ".");
}

/** "rotating_pool" → "Rotating pool". */
export function words(code: string): string {
  const s = code.replaceAll("_", " ").toLowerCase();
  return s.charAt(0).toUpperCase() + s.slice(1);
}

const sizes = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** 13314398618 → "12.4 GiB". */
export function bytes(n: number): string {
  let unit = 0;
  while (n >= 1024 && unit < sizes.length - 1) {
    n /= 1024;
    unit++;
  }
  return `${n.toFixed(unit === 0 || n >= 100 ? 0 : 1)} ${sizes[unit]}`;
}
