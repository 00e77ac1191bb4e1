import { Group, Loader, Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { explain } from "../../api/client";
import { type RehearsalItem, isOver, playing, rehearsalQuery, told } from "../../api/rehearsals";
import { Notice } from "../../components/Notice";
import { words } from "../../lib/format";
import { instant } from "../../lib/time";
import classes from "../editor/Editor.module.css";

/** How a rehearsal goes, and what came of it. */
export function Course({ id }: { id: string }) {
  const { data: r, error } = useQuery(rehearsalQuery(id));
  if (error) return <Text size="sm" c="var(--app-bad)" mt="sm" role="alert">{explain(error).message}</Text>;
  if (!r) return <Skeleton h={48} mt="sm" />;
  return <Came r={r} />;
}

/** The same of one that was fetched. */
export function Came({ r }: { r: RehearsalItem }) {
  if (!isOver(r)) return <Group gap={8} mt="sm" role="status" wrap="nowrap"><Loader size={16} aria-hidden /><Text size="sm">{told(r)}.</Text></Group>;
  return (
    <Notice tone={r.state === "ended" && r.answered_at ? "good" : "warn"} role="status" mt="sm" title={`${told(r)}.`}>
      <Outcome r={r} />
    </Notice>
  );
}

function Outcome({ r }: { r: RehearsalItem }) {
  if (r.refused) {
    return (
      <Text size="sm">
        {r.refused.detail && `${r.refused.detail}. `}
        {r.refused.until ? `The rule ${r.refused.rule} allows it from ${instant(r.refused.until)}.` : r.refused.unblock ? `To unblock it: ${r.refused.unblock}.` : ""}
      </Text>
    );
  }
  const facts = [
    ["Answered by", r.answered_by && words(r.answered_by)],
    ["Then", playing[r.played]],
    ["Key pressed", r.digits],
    ["A lead would be routed as", r.disposition && words(r.disposition)],
    ["From", r.from],
    ["Note", r.note],
  ].filter((f) => f[1]);
  return <dl className={classes.facts}>{facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>;
}
