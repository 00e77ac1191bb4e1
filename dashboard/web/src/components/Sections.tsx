import { Link } from "@tanstack/react-router";
import { useMay } from "../api/me";
import classes from "./Sections.module.css";

const parts = [
  { to: "/compliance", label: "Rules in force", grant: "cadences.read" },
  { to: "/compliance/try", label: "Try a number", grant: "leads.read" },
  { to: "/compliance/dnc", label: "Do not call", grant: "dnc.read" },
] as const;

/** The screens about what may be called, of which one is open. */
export function ComplianceSections() {
  const may = useMay();
  return (
    <nav className={classes.sections} aria-label="Compliance">
      {parts.filter((p) => may(p.grant)).map((p) => <Link key={p.to} to={p.to} activeOptions={{ exact: true, includeSearch: false }}>{p.label}</Link>)}
    </nav>
  );
}
