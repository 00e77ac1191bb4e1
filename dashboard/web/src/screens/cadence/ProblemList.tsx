import { Anchor, Code } from "@mantine/core";
import type { Problem } from "../../api/client";
import { count, sentence } from "../../lib/format";
import classes from "./Cadence.module.css";

interface Props {
  problems: readonly Problem[];
  /** The text the lines are of, to quote from. */
  text?: string;
  goTo?: (line: number) => void;
}

/** How many problems are written out; more would hide the first ones. */
const SHOWN = 50;

/** Problems of a document: where, what, and what to change. */
export function ProblemList({ problems, text, goTo }: Props) {
  const lines = text?.split("\n");
  const rest = problems.length - SHOWN;
  return (
    <ul className={classes.problems}>
      {problems.slice(0, SHOWN).map((p, i) => (
        <li key={i}>
          <span className={classes.where} data-severity={p.severity}>
            {p.severity === "warning" ? "Warning" : "Error"}
            {p.line !== undefined && <> · {goTo ? <Anchor component="button" type="button" fz="inherit" c="inherit" td="underline" onClick={() => goTo(p.line ?? 1)}>line {p.line}</Anchor> : `line ${p.line}`}</>}
            {p.path && <> · <Code>{p.path}</Code></>}
          </span>
          <span>{sentence(p.message)}{p.remedy ? <span className={classes.remedy}> {sentence(p.remedy)}</span> : null}</span>
          {p.line !== undefined && lines?.[p.line - 1] && <Code block className={classes.quote}>{lines[p.line - 1]?.trim().slice(0, 160)}</Code>}
        </li>
      ))}
      {rest > 0 && <li>and {count(rest)} more</li>}
    </ul>
  );
}
