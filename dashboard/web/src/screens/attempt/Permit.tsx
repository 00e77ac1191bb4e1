import { Table, Text, Title } from "@mantine/core";
import type { AttemptDetail } from "../../api/attempts";
import type { Schemas } from "../../api/client";
import { Notice } from "../../components/Notice";
import { plural } from "../../lib/format";
import classes from "./Attempt.module.css";
import { local } from "./Facts";

type Check = Schemas["Check"];

/** What marks a duty of law that the permit does not judge. */
const DUTY = "a duty that is not judged here: ";

export const answers: Record<Check["result"], string> = { allow: "Allowed", defer: "Not yet", block: "Not allowed" };

/** Why the call was allowed: every rule that was looked at, and whether today's program would say the same. */
export function Permit({ verdict: v }: { verdict: AttemptDetail["verdict"] }) {
  return (
    <section className={`card ${classes.part}`} aria-labelledby="permit">
      <Title order={2} id="permit">Why it was called</Title>
      <Text size="sm" c="dimmed" mb="sm">
        {answers[v.answer]}{v.rule ? ` by ${v.rule}` : ""} under policy {v.policy}{v.packs ? `, rule packs ${v.packs.slice(0, 12)}` : ""}.
      </Text>
      {v.replay.same ? null : (
        <Notice tone="warn" mb="sm" title="Judged again, the answer is another">
          This program says “{answers[v.replay.answer].toLowerCase()}{v.replay.rule ? ` by ${v.replay.rule}` : ""}” of the same facts under the rules of then.
        </Notice>
      )}
      {v.trace.length === 0 ? <Text size="sm">This call holds no permit: it was found at the carrier after a restore.</Text> : <Trace checks={v.trace} />}
      <details className={classes.more}>
        <summary>The facts the permit saw</summary>
        <pre className={classes.raw} tabIndex={0}>{JSON.stringify(v.facts, null, 2)}</pre>
      </details>
    </section>
  );
}

/** The rules that were looked at, in order; duties that nobody judged here are named behind them. */
export function Trace({ checks }: { checks: readonly Check[] }) {
  const judged = checks.filter((c) => !c.detail.startsWith(DUTY));
  const duties = checks.filter((c) => c.detail.startsWith(DUTY));
  return (
    <>
      <div className={classes.scroll} tabIndex={0} role="region" aria-label="Rules that were looked at">
        <Table className={`rows ${classes.trace}`} verticalSpacing={5} horizontalSpacing="xs" fz="sm">
          <Table.Thead><Table.Tr><Table.Th>Rule</Table.Th><Table.Th>Answer</Table.Th><Table.Th>What it compared</Table.Th></Table.Tr></Table.Thead>
          <Table.Tbody>
            {judged.map((c, i) => (
              <Table.Tr key={i}>
                <Table.Td><code className={classes.rule}>{c.rule}</code></Table.Td>
                <Table.Td className={classes.answer} data-result={c.result}>{answers[c.result]}</Table.Td>
                <Table.Td c="dimmed" style={{ overflowWrap: "anywhere" }}>{[c.detail, c.local && `${local(c.local)} ${c.zone}`].filter(Boolean).join(" · ") || "–"}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {duties.length > 0 && (
        <details className={classes.more}>
          <summary>{plural(duties.length, "duty of law", "duties of law")} beside the permit</summary>
          <ul className={classes.duties}>{duties.map((c) => <li key={c.rule}><code className={classes.rule}>{c.rule}</code> {c.detail.slice(DUTY.length)}</li>)}</ul>
        </details>
      )}
    </>
  );
}
