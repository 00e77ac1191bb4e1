import { Table, Text } from "@mantine/core";
import type { Schemas } from "../api/client";
import { plural } from "../lib/format";
import { instant, readable, wall } from "../lib/time";
import classes from "./Trace.module.css";
import { sorted } from "./checks";

type Check = Schemas["Check"];

/** What a rule says of the call: its title tells what it refuses. */
const says: Record<Check["result"], string> = { allow: "Passes", defer: "Not yet", block: "Refuses" };

/**
 * The rules that a permit looked at: first those that refuse or compared something, then, folded, those that had nothing
 * against the call and no number to tell, and the duties of law that no permit judges.
 */
export function Trace({ checks }: { checks: readonly Check[] }) {
  const { told, silent, duties } = sorted(checks);
  const refused = told.some((c) => c.result !== "allow");
  return (
    <>
      <div className={classes.scroll} tabIndex={0} role="region" aria-label="Rules that were looked at">
        <Table aria-label="Rules that were looked at" className={`rows ${classes.trace}`} verticalSpacing={6} horizontalSpacing="xs" fz="sm">
          <Table.Thead>
            <Table.Tr><Table.Th>What is refused</Table.Th><Table.Th>The call</Table.Th><Table.Th>What it compared</Table.Th>{refused && <Table.Th>What ends it</Table.Th>}</Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {told.map((c, i) => (
              <Table.Tr key={i} data-check={c.rule}>
                <Table.Td><Rule check={c} /></Table.Td>
                <Table.Td className={classes.answer} data-result={c.result}>{says[c.result]}</Table.Td>
                <Table.Td c="dimmed" className={classes.anywhere}>{compared(c)}</Table.Td>
                {refused && <Table.Td>{c.result !== "allow" && <Ends check={c} />}</Table.Td>}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      <Folded checks={silent} summary={`${plural(silent.length, "more refusal", "more refusals")} that ${silent.length === 1 ? "does" : "do"} not apply`} />
      <Folded checks={duties} summary={`${plural(duties.length, "duty of law", "duties of law")} beside the permit`} />
    </>
  );
}

function Rule({ check: c }: { check: Check }) {
  return (
    <>
      {c.title && <span className={classes.title}>{c.title}</span>}
      <code className={classes.rule} title={c.source || undefined}>{c.rule}</code>
    </>
  );
}

const compared = (c: Check): string => [readable(c.detail, c.zone || undefined), c.local && `${wall(c.local)} ${c.zone}`].filter(Boolean).join(" · ") || "–";

function Ends({ check: c }: { check: Check }) {
  return (
    <>
      {c.remedy || "–"}
      {c.until && <Text span size="xs" c="dimmed" display="block">by itself {instant(c.until, c.zone || undefined)}</Text>}
    </>
  );
}

function Folded({ checks, summary }: { checks: readonly Check[]; summary: string }) {
  if (checks.length === 0) return null;
  return (
    <details className={classes.folded}>
      <summary>{summary}</summary>
      <ul>
        {checks.map((c, i) => <li key={i} data-check={c.rule}><Rule check={c} />{c.detail && <Text span size="xs" c="dimmed"> {readable(c.detail)}</Text>}</li>)}
      </ul>
    </details>
  );
}
