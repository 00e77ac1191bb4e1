import { Anchor, Badge, Group, Skeleton, Text, Title, VisuallyHidden } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { type Rehearsal as Detail, rehearsalQuery } from "../../api/rehearsals";
import { Breadcrumb } from "../../components/Breadcrumb";
import { ErrorState } from "../../components/States";
import { Trace } from "../../components/Trace";
import { instant, timeOfDay } from "../../lib/time";
import { useTitle } from "../../lib/useTitle";
import classes from "../attempt/Attempt.module.css";
import { answers } from "../attempt/Permit";
import { moments } from "../attempt/telling";
import badge from "../attempts/Attempts.module.css";
import { Came } from "./Course";
import { came, stepWords } from "./words";

const route = getRouteApi("/rehearsals/$id");

/** One rehearsal: what it called, what happened, and what the permit said. */
export default function Rehearsal() {
  const { id } = route.useParams();
  const { data, error, refetch } = useQuery(rehearsalQuery(id));
  useTitle("Rehearsal");
  return (
    <>
      <Breadcrumb>
        <Anchor component={Link} to="/rehearsals" fz="inherit">Rehearsals</Anchor>
      </Breadcrumb>
      {data ? <Loaded r={data} /> : error ? <ErrorState what="this rehearsal" order={1} error={error} retry={() => void refetch()} /> : (
        <div aria-busy="true"><VisuallyHidden><h1>Loading the rehearsal</h1></VisuallyHidden><Skeleton h={30} w={280} mb="md" /><Skeleton h={260} /></div>
      )}
    </>
  );
}

function Loaded({ r }: { r: Detail }) {
  const { label, tone } = came(r);
  return (
    <>
      <Group gap="sm" mb={2}>
        <Title order={1} style={{ overflowWrap: "anywhere" }}>{r.kind === "code" ? "The code of a new number" : r.cadence_name}</Title>
        <Badge variant="default" className={badge.badge} data-tone={tone}>{label}</Badge>
      </Group>
      <Text size="sm" c="dimmed" mb="md">
        {r.kind === "step" && `${stepWords(r)} · `}{r.name ? `${r.name}, ` : ""}{r.to || "a number that was removed"} · asked for by {r.by} · {instant(r.at)}
      </Text>
      <div className={classes.layout}>
        <div className={classes.column}>
          <section className={`card ${classes.part}`} aria-labelledby="came"><Title order={2} id="came">What came of it</Title><Came r={r} /></section>
          <section className={`card ${classes.part}`} aria-labelledby="story">
            <Title order={2} id="story" mb="sm">What happened</Title>
            {r.story.length === 0 ? <Text size="sm" c="dimmed">Nothing more is kept of it.</Text> : (
              <ol className={classes.story}>
                {moments(r.story).map((m, i) => (
                  <li key={i} data-tone={m.tone}>
                    <Text size="sm" c="dimmed" className="num" component="time" dateTime={m.at}>{timeOfDay(m.at)}</Text>
                    <div><Text size="sm" fw={550}>{m.title}</Text>{m.detail && <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>{m.detail}</Text>}</div>
                  </li>
                ))}
              </ol>
            )}
          </section>
        </div>
        <div className={classes.column}>
          <section className={`card ${classes.part}`} aria-labelledby="permit">
            <Title order={2} id="permit">What the permit said</Title>
            {r.verdict ? (
              <>
                <Text size="sm" c="dimmed" mb="sm">{answers[r.verdict.answer]}{r.verdict.rule ? ` by ${r.verdict.rule}` : ""} under policy {r.verdict.policy}.</Text>
                <Trace checks={r.verdict.trace} />
              </>
            ) : <Text size="sm" c="dimmed">It was not judged: {r.refused ? "it was refused before that" : "it still waits for its turn"}.</Text>}
          </section>
        </div>
      </div>
    </>
  );
}
