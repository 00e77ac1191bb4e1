import { Alert } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import type { ReactNode } from "react";

interface Props {
  tone: "good" | "warn" | "bad";
  title?: string;
  /** alert interrupts a screen reader, status waits; none is for what was there from the start. */
  role?: "alert" | "status";
  children: ReactNode;
  mt?: string;
  mb?: string;
}

/** A message in the page's own colours: they keep their contrast in both schemes. */
export function Notice({ tone, title, role, children, mt, mb }: Props) {
  const Symbol = tone === "good" ? IconCircleCheck : IconAlertTriangle;
  const color = `var(--app-${tone})`;
  return (
    <Alert
      role={role ?? "group"} aria-label={role ? undefined : title} title={title} mt={mt} mb={mb} icon={<Symbol size={18} aria-hidden />}
      styles={{
        root: { background: `var(--app-${tone}-bg)`, border: `1px solid color-mix(in srgb, ${color} 35%, transparent)` },
        icon: { color },
        title: { color },
        message: { color: "var(--mantine-color-text)" },
      }}
    >
      {children}
    </Alert>
  );
}
