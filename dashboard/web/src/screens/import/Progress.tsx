import { Button, Group, Progress as Bar, Text, Title } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { explain } from "../../api/client";
import { type LeadImport, atWork, importQuery, rejectsOf } from "../../api/lists";
import { Notice } from "../../components/Notice";
import { count, plural, sentence } from "../../lib/format";
import { useMay } from "../../api/me";
import { refused } from "../../lib/notify";
import classes from "./Import.module.css";
import { saveRejects } from "./RejectTable";
import { UndoButton, Undone } from "./Undo";

interface Props {
  begun: LeadImport;
  /** Rows that the dry run counted. */
  rows: number;
  again: () => void;
}

/** How far the import is, and what came of it. It goes on when the page is left. */
export function Progress({ begun, rows, again }: Props) {
  const queries = useQueryClient();
  const state = useQuery({ ...importQuery(begun.id), initialData: begun });
  const i = state.data;
  const may = useMay();
  const running = i.state === "running";
  const over = !atWork(i);
  useEffect(() => {
    if (over) void queries.invalidateQueries({ predicate: (q) => q.queryKey[0] !== "import" && q.queryKey[0] !== "leads-preview" });
  }, [over, queries]);
  const done = Math.min(100, rows > 0 ? (100 * i.rows) / rows : 0);
  return (
    <>
      <Title order={2} size="h3" mb="sm">{titles[i.state]}</Title>
      {running && <Bar value={done} mb="xs" aria-label="Rows read" />}
      <Text role="status" mb="md">{running ? `${count(i.rows)} of ${plural(rows, "row")}. It goes on when you leave this page.` : `${plural(i.rows, "row")} read.`}</Text>
      {state.error && <Notice tone="bad" role="alert" mb="md">{explain(state.error).message}</Notice>}
      {i.state === "failed" && <Notice tone="bad" role="alert" mb="md" title="It ended early">{sentence(i.message)}</Notice>}
      <Outcome of={i} />
      {(i.state === "undoing" || i.state === "undone") && <Undone of={i} />}
      {i.state === "done" && i.enrolled === 0 && i.created + i.updated > 0 && may("enroll") && <Text size="sm" c="dimmed" mb="md">Nobody is called by an import: choose leads of the list and enroll them in a cadence.</Text>}
      {!running && (
        <Group>
          <Button component={Link} to="/leads" search={{ list: i.list } as never}>See the leads</Button>
          {may("leads.manage") && (i.state === "done" || i.state === "failed") && <UndoButton of={i} />}
          {i.rejected > 0 && <Rejects of={i} />}
          <Button variant="default" onClick={again}>Import another file</Button>
        </Group>
      )}
    </>
  );
}

const titles = { running: "Importing", done: "Imported", failed: "The import failed", undoing: "Taking it back", undone: "Taken back" } as const;

function Outcome({ of: i }: { of: LeadImport }) {
  const figures: [string, number][] = [["New", i.created], ["Updated", i.updated], ["Left as they are", i.skipped], ["Rejected", i.rejected], ["Enrolled", i.enrolled]];
  return (
    <dl className={classes.counts}>
      {figures.map(([name, n]) => <div key={name} data-count={name}><dt>{name}</dt><dd className="num">{count(n)}</dd></div>)}
    </dl>
  );
}

function Rejects({ of: i }: { of: LeadImport }) {
  const fetch = useMutation({ mutationFn: () => rejectsOf(i.id), onSuccess: (rows) => saveRejects("leads", rows), onError: (e) => refused("The rejected rows were not fetched", e) });
  return <Button variant="default" loading={fetch.isPending} leftSection={<IconDownload size={16} aria-hidden />} onClick={() => fetch.mutate()}>Download {plural(i.rejected, "rejected row")}</Button>;
}

