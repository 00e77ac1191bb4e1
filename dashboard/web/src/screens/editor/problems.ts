import type { Problem, Step } from "../../api/client";

/** The places a problem can be shown at, and the tab of a step that holds it. */
export const tabs = ["basic", "timing", "routing", "advanced"] as const;
export type Tab = (typeof tabs)[number];

export const tabNames: Record<Tab, string> = { basic: "Basic", timing: "Timing", routing: "Disposition routing", advanced: "Advanced" };

/** The parts of a cadence beside its steps. */
export const sectionNames = { details: "Details", hours: "Time restrictions", caps: "Caps", answer: "Answered calls", runs: "Runs and transitions", routes: "Routes of every step", flow: "Flow" } as const;

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
export function partOf(path: string): { section: keyof typeof sectionNames } | { step: number; tab: Tab } {
  const m = /^steps\[(\d+)\](?:\.(\w+))?/.exec(path);
  if (m) {
    const field = m[2] ?? "";
    const tab = field === "routes" ? "routing" : basic.includes(field) || field === "" ? "basic" : timing.includes(field) ? "timing" : "advanced";
    return { step: Number(m[1]), tab };
  }
  const head = /^\w+/.exec(path)?.[0] ?? "";
  const sections = { time_restrictions: "hours", caps: "caps", connect: "answer", runs: "runs", re_entry: "runs", exit_when: "runs", routes: "routes" } as const;
  return { section: sections[head as keyof typeof sections] ?? "details" };
}

/** Where a path is in the editor, in words; nothing for the document as a whole. */
export function placeOf(path: string, steps: readonly Pick<Step, "key" | "name">[]): string {
  if (path === "") return "";
  const part = partOf(path);
  return "section" in part ? sectionNames[part.section] : `${part.step + 1}. ${steps[part.step]?.name || steps[part.step]?.key}, ${tabNames[part.tab]}`;
}

/** Problems as the editor tells them: that nobody takes the answered calls is said once, where all steps have it from, and not at each step. */
export function gathered(problems: readonly Problem[]): Problem[] {
  const nobody = problems.filter((p) => p.code === "no_target");
  return problems.flatMap((p) => (p.code !== "no_target" ? [p] : p === nobody[0] ? [{ ...p, path: "connect" }] : []));
}
