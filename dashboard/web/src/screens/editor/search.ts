import { type Tab, tabs } from "./problems";

export interface EditSearch {
  /** A section, or the key of a step. */
  at?: string;
  tab?: Tab;
}

export const editSearch = (s: Record<string, unknown>): EditSearch => ({
  at: typeof s.at === "string" && s.at !== "" ? s.at.slice(0, 100) : undefined,
  tab: tabs.find((t) => t === s.tab),
});
