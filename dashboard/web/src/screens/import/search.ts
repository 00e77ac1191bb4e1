/** The steps of the wizard, in their order. */
export const steps = ["file", "columns", "dry-run", "import"] as const;
export type Step = (typeof steps)[number];

/** Those that have an address of their own: the first is the wizard's, and the last is where a file that was sent leads, wherever one looks. */
const addressed = ["columns", "dry-run"] as const;

export interface ImportSearch {
  step?: (typeof addressed)[number];
}

/** Reads the step of an address; with none it is the first. */
export const importSearch = (s: Record<string, unknown>): ImportSearch => ({ step: addressed.find((one) => one === s.step) });
