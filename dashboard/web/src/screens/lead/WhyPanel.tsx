import { Skeleton, Text, Title } from "@mantine/core";
import type { Explanation } from "../../api/leads";
import { Notice } from "../../components/Notice";
import { ErrorState } from "../../components/States";
import { Trace } from "../../components/Trace";
import { sentence } from "../../lib/format";
import { instant, readable, wall } from "../../lib/time";
import classes from "../attempt/Attempt.module.css";

/** Whether the lead may be called now, what stands in the way, and from when on nothing does. */
export function WhyPanel({ why, error, zone, retry }: { why?: Explanation; error: unknown; zone?: string; retry: () => void }) {
  return (
    <section className={`card ${classes.part}`} aria-labelledby="why">
      <Title order={2} id="why" mb="sm">Can it be called now?</Title>
      {why ? <Answer why={why} zone={zone} /> : error ? <ErrorState what="the explanation" error={error} retry={retry} /> : <Skeleton h={90} />}
    </section>
  );
}

function Answer({ why, zone }: { why: Explanation; zone?: string }) {
  const title = { allow: "Yes: nothing stands in the way", defer: "Not yet", block: "No" }[why.answer];
  return (
    <>
      <Notice tone={why.answer === "allow" ? "good" : why.answer === "defer" ? "warn" : "bad"} title={title}>
        {why.blocker ? <>{readable(sentence(why.blocker.message), zone)} <code className={classes.rule}>{why.blocker.rule}</code></> : "It is called as soon as its turn comes: a free channel, a free caller ID, the account's rate."}
      </Notice>
      {why.next_eligible && (
        <Text size="sm" mt="sm">Earliest: <strong className="num">{wall(why.next_eligible.local)}</strong> their time ({why.next_eligible.zone}), {instant(why.next_eligible.at, zone)} here.</Text>
      )}
      {why.touches.map((t) => (
        <details key={t.touch} className={classes.more}>
          <summary>Every rule for “{t.cadence_name}”, {t.step}</summary>
          {t.trace.length > 0 ? <Trace checks={t.trace} /> : <Text size="sm" mt="xs">{readable(sentence(t.message), zone)}</Text>}
        </details>
      ))}
    </>
  );
}
