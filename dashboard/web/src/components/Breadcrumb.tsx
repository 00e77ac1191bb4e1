import type { ReactNode } from "react";

/** The way back to where a record stands. */
export function Breadcrumb({ children }: { children: ReactNode }) {
  return <nav aria-label="Breadcrumb" style={{ marginBottom: 6, fontSize: "0.85rem" }}>{children}</nav>;
}
