import type { Problem } from "../../api/client";

/** The places a problem can be shown at, and the tab of a step that holds it. */
export const tabs = ["basic", "timing", "routing", "advanced"] as const;
export type Tab = (typeof tabs)[number];

const basic = ["name", "script", "caller_id", "voicemail", "detection", "key", "kind", "placed_by"];
const timing = ["delay_after", "anchor", "ring_timeout", "delay", "parent", "when"];

/** The first problem of a place or of anything below it; errors go first. */
export function problemAt(problems: readonly Problem[], path: string): Problem | undefined {
  const here = problems.filter((p) => within(p.path, path));
  return here.find((p) => p.severity === "error") ?? here[0];
}

/** Whether a path is a place or lies below it. */
export const within = (path: string, place: string): boolean => path === place || path.startsWith(`${place}.`) || path.startsWith(`${place}[`);

/** Which part of the editor shows a path: a section, or a step by its position and tab. */
export function partOf(path: string): { section: string } | { step: number; tab: Tab } {
  const m = /^steps\[(\d+)\](?:\.(\w+))?/.exec(path);
  if (m) {
    const field = m[2] ?? "";
    const tab = field === "routes" ? "routing" : basic.includes(field) || field === "" ? "basic" : timing.includes(field) ? "timing" : "advanced";
    return { step: Number(m[1]), tab };
  }
  const head = /^\w+/.exec(path)?.[0] ?? "";
  const section = { time_restrictions: "hours", caps: "caps", connect: "answer", runs: "runs", re_entry: "runs", exit_when: "runs", routes: "routes" }[head] ?? "details";
  return { section };
}
