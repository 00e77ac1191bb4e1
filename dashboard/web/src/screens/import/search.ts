/** The steps of the wizard, in their order. The first is the address without a step. */
export const steps = ["file", "columns", "dry-run", "import"] as const;
export type Step = (typeof steps)[number];

export interface ImportSearch {
  step?: Exclude<Step, "file">;
}

const later = (s: Step): s is Exclude<Step, "file"> => s !== "file";

export const importSearch = (s: Record<string, unknown>): ImportSearch => ({ step: steps.filter(later).find((one) => one === s.step) });

/** The address of a step. */
export const to = (step: Step): ImportSearch => ({ step: later(step) ? step : undefined });
