import { Skeleton, Text, Title } from "@mantine/core";
import { explain } from "../../api/client";
import type { AttemptDetail, AttemptLog } from "../../api/attempts";
import { Notice } from "../../components/Notice";
import { sentence } from "../../lib/format";
import { timeOfDay } from "../../lib/time";
import classes from "./Attempt.module.css";
import { story } from "./telling";

interface Props {
  attempt: AttemptDetail;
  log?: AttemptLog;
  error: unknown;
  zone?: string;
}

/** What happened, in order and in words. */
export function Story({ attempt, log, error, zone }: Props) {
  return (
    <section className={`card ${classes.part}`} aria-labelledby="story">
      <Title order={2} id="story" mb="sm">What happened</Title>
      {error ? <Notice tone="warn" mb="sm" title="The log could not be read">{explain(error).message} Below is what the attempt itself keeps.</Notice> : null}
      {log && !log.complete && <Notice tone="warn" mb="sm" title="Not the whole story">{sentence(log.missing)}</Notice>}
      {!log && !error ? (
        <Skeleton h={180} />
      ) : (
        <ol className={classes.story}>
          {story(attempt, log).map((m, i) => (
            <li key={i} data-tone={m.tone}>
              <Text size="sm" c="dimmed" className="num" component="time" dateTime={m.at}>{timeOfDay(m.at, zone)}</Text>
              <div>
                <Text size="sm" fw={550}>{m.title}</Text>
                {m.detail && <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>{m.detail}</Text>}
              </div>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
