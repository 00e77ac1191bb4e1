import type { Change } from "../../api/drafting";
import classes from "./Editor.module.css";

const verbs: Record<Change["kind"], string> = { added: "Added", removed: "Removed", changed: "Changed", moved: "Moved" };

/** A JSON value short enough to read; texts without their quotes. */
function shown(json: string): string {
  if (json === "") return "nothing";
  const text = json.startsWith('"') ? (JSON.parse(json) as string) : json;
  return text.length > 140 ? `${text.slice(0, 140)}…` : text;
}

/** What differs between two documents, in words. */
export function ChangeList({ changes }: { changes: readonly Change[] }) {
  if (changes.length === 0) return <p>Nothing differs.</p>;
  return (
    <ul className={classes.changes} tabIndex={0} aria-label="Changes">
      {changes.map((c, i) => (
        <li key={i}>
          <strong>{verbs[c.kind]}</strong> {c.step ? <>step <code>{c.step}</code>{c.path && <>, <code>{c.path}</code></>}</> : <code>{c.path}</code>}
          {c.kind === "moved" ? <> from place {c.from} to {c.to}</> : c.path !== "" && <>: <del>{shown(c.from)}</del> → <ins>{shown(c.to)}</ins></>}
        </li>
      ))}
    </ul>
  );
}
