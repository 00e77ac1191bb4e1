import { Text, Title } from "@mantine/core";
import type { AttemptDetail } from "../../api/attempts";
import type { Schemas } from "../../api/client";
import { Notice } from "../../components/Notice";
import { Trace } from "../../components/Trace";
import classes from "./Attempt.module.css";

type Check = Schemas["Check"];

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
