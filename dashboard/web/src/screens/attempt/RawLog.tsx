import { Anchor, Text, Title } from "@mantine/core";
import type { AttemptLog } from "../../api/attempts";
import { timeOfDay } from "../../lib/time";
import classes from "./Attempt.module.css";

/** The facts as they stand in the log. */
export function RawLog({ id, log, zone }: { id: string; log?: AttemptLog; zone?: string }) {
  if (!log || log.items.length === 0) return null;
  return (
    <section className={`card ${classes.part}`} aria-labelledby="raw">
      <Title order={2} id="raw">Raw log</Title>
      <Text size="sm" c="dimmed" mb="xs">
        As it was decided, fact by fact. <Anchor href={`/v1/attempts/${id}/log`} download={`${id}.json`} fz="inherit">Download</Anchor>
      </Text>
      <details className={classes.more}>
        <summary>Show {log.items.length} facts</summary>
        <div className={classes.scroll} tabIndex={0} role="region" aria-label="Facts of the log">
          <table className={classes.log} aria-label="Facts of the log">
            <thead><tr><th>Record</th><th>Time</th><th>Fact</th><th>Says</th></tr></thead>
            <tbody>
              {log.items.map((e, i) => (
                <tr key={i}>
                  <td className="num">{e.record}</td>
                  <td className="num">{timeOfDay(e.at, zone)}</td>
                  <td>{e.kind}</td>
                  <td><code>{Object.entries(e.detail).map(([k, v]) => `${k}=${v}`).join(" ") || "–"}</code></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  );
}
