import { Kbd } from "@mantine/core";
import { caps } from "./registry";
import classes from "./Keys.module.css";
import { useSingleKeys } from "./useShortcuts";

/** The key beside what it does. A screen reader is told by aria-keyshortcuts; where fingers are all there is, nobody is. */
export function KeyCap({ of }: { of: string }) {
  const on = useSingleKeys();
  if (!on && !of.startsWith("mod+")) return null;
  return <span className={classes.caps} aria-hidden>{caps(of).map((c) => <Kbd key={c} size="xs" className={classes.cap}>{c}</Kbd>)}</span>;
}
