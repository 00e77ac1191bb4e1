import { Text, Title } from "@mantine/core";
import { IconStairs } from "@tabler/icons-react";
import type { CadenceDocument } from "../../api/client";
import { Timeline } from "./Timeline";
import { EmptyState } from "../../components/States";
import classes from "./Cadence.module.css";
import { Rules } from "./Rules";
import { StepTable } from "./StepTable";
import { timeline } from "./pins";

/** A document in words: when its calls come, each step, and the rules around them. */
export function DocumentView({ document }: { document: CadenceDocument }) {
  const pins = timeline(document);
  if (document.steps.length === 0) {
    return (
      <section className="card">
        <EmptyState icon={IconStairs} title="No steps yet">A cadence needs at least one step. Whoever may edit it adds the first in the editor.</EmptyState>
      </section>
    );
  }
  return (
    <div className={classes.document}>
      <section className="card" aria-labelledby="steps">
        <div className={classes.head}>
          <Title order={2} id="steps">Steps</Title>
          <Text size="sm" c="dimmed">Times hold when every step takes its default edge and no window is in the way. Outcomes not named here follow the cadence’s routes, then the server’s.</Text>
        </div>
        {pins && pins.length > 1 && <Timeline pins={pins} names={new Map(document.steps.map((s) => [s.key, s.name || s.key]))} />}
        <StepTable document={document} pins={pins} />
      </section>
      <Rules document={document} />
    </div>
  );
}
