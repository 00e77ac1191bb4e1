/** One screen: where it is, what it is called, which keys lead to it, and what it takes to see it. */
export interface Page {
  to: string;
  label: string;
  keys?: string;
  grant?: string;
  /** Stands in the main navigation. */
  nav?: boolean;
  /** In the navigation it is current only at this very address. */
  exact?: boolean;
  /** Other words it is looked for by. */
  words?: string;
}

/** Every screen that has an address of its own, in the order of the navigation. Navigation, palette and keys are made of it. */
export const pages = [
  { to: "/", label: "Overview", keys: "g o", nav: true, exact: true, words: "figures home" },
  { to: "/cadences", label: "Cadences", keys: "g c", nav: true, words: "campaigns" },
  { to: "/leads", label: "Leads", keys: "g l", grant: "leads.read", nav: true, words: "people" },
  { to: "/lists", label: "Lists", keys: "g i", grant: "leads.read", nav: true, exact: true, words: "imports" },
  { to: "/lists/import", label: "Import leads", grant: "leads.import", words: "upload csv file" },
  { to: "/templates", label: "Templates", keys: "g t", grant: "cadences.read", nav: true },
  { to: "/reports", label: "Reports", keys: "g r", grant: "figures.read", nav: true, words: "funnel heat map" },
  { to: "/attempts", label: "Attempts", keys: "g a", grant: "attempts.read", nav: true, words: "calls" },
  { to: "/numbers", label: "Numbers", keys: "g n", grant: "numbers.read", nav: true, words: "caller ids pools" },
  { to: "/compliance", label: "Compliance", keys: "g p", grant: "cadences.read", nav: true, words: "rules law hours" },
  { to: "/compliance/try", label: "Try a number", grant: "leads.read", words: "verdict permit" },
  { to: "/compliance/dnc", label: "Do not call", keys: "g d", grant: "dnc.read", words: "dnc marks" },
  { to: "/ops", label: "Ops", keys: "g m", grant: "ops.read", nav: true, words: "machine queue health" },
  { to: "/rehearsals", label: "Rehearsals", grant: "rehearse", words: "call me test calls" },
  { to: "/settings/staff", label: "Staff numbers", grant: "rehearse", words: "own people verify" },
  { to: "/settings/server", label: "Carrier and server", keys: "g s", grant: "ops.read", words: "settings twilio account" },
  { to: "/settings/users", label: "Users", grant: "users.manage", words: "roles grants invite" },
  { to: "/settings/keys", label: "API keys", grant: "keys.manage" },
  { to: "/settings/audit", label: "Audit log", grant: "audit.read", words: "who did what" },
] as const satisfies readonly Page[];

export type Path = (typeof pages)[number]["to"];

/** The screens that somebody with these grants sees. */
export const pagesFor = (may: (grant: string) => boolean): readonly (Page & { to: Path })[] => pages.filter((p: Page) => !p.grant || may(p.grant));
