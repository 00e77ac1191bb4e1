import { Text as Words, Title } from "@mantine/core";
import type { Problem } from "../../api/client";
import { plural, sentence } from "../../lib/format";
import classes from "./Editor.module.css";
import { useDrafting } from "./fields";
import { placeOf } from "./problems";

/** What the server finds in the draft, errors first; each leads to its field. */
export function Checks({ go }: { go: (path: string) => void }) {
  const { draft } = useDrafting();
  const order = (p: Problem) => (p.severity === "error" ? 0 : 1);
  const all = [...draft.problems].sort((a, b) => order(a) - order(b));
  const errors = all.filter((p) => p.severity === "error").length;
  return (
    <section className={`card ${classes.panel}`} aria-labelledby="checks">
      <Title order={2} id="checks">Checks</Title>
      <Words size="sm" role="status" mb={all.length > 0 ? "sm" : 0}>
        {all.length === 0 ? "Nothing is wrong with it." : [errors > 0 && plural(errors, "error"), all.length > errors && plural(all.length - errors, "warning")].filter(Boolean).join(", ")}
      </Words>
      <ul className={classes.checks}>
        {all.map((p, i) => (
          <li key={i}>
            <button type="button" className={classes.check} data-severity={p.severity} title={p.path} onClick={() => go(p.path)}>
              <strong>{p.severity === "error" ? "Error" : "Warning"}</strong>{p.path && ` in ${placeOf(p.path, draft.document.steps)}`}: {sentence(p.message)} {p.remedy && sentence(p.remedy)}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
