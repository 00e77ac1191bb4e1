import { Skeleton, Table, Text as Words } from "@mantine/core";
import { Suspense, lazy } from "react";
import { type Edge, LEAVES, RUN_ENDS, edges } from "./document";
import classes from "./Editor.module.css";
import { useDrafting } from "./fields";

const Graph = lazy(() => import("./Graph"));

/** Height (px) of the drawing, and of a step in it, at which its words can be read: it cannot be scrolled or made larger. */
const LEAST = 340;
const ROOM = 110;

/** Where each outcome leads, as a drawing and, equal to it, as a table. */
export function FlowView({ choose }: { choose: (key: string) => void }) {
  const { draft } = useDrafting();
  const list = edges(draft.document);
  const names = new Map(draft.document.steps.map((s) => [s.key, s.name || s.key]));
  const place = (e: Edge) => (e.to === LEAVES ? "leaves the cadence" : e.to === RUN_ENDS ? "the run ends" : (names.get(e.to) ?? `${e.to || "nothing chosen"} (not there)`));
  return (
    <>
      <Words size="sm" c="dimmed" mb="xs">The drawing and the table say the same. Outcomes that are not named follow the server’s own routes.</Words>
      <div className={classes.flow} style={{ height: Math.max(LEAST, (draft.document.steps.length + 1) * ROOM) }} aria-hidden inert>
        <Suspense fallback={<Skeleton h="100%" />}><Graph document={draft.document} list={list} /></Suspense>
      </div>
      <Table.ScrollContainer minWidth={420} type="native" mt="md">
        <Table aria-label="Where each outcome leads" className="rows" verticalSpacing={6}>
          <Table.Thead><Table.Tr><Table.Th>After</Table.Th><Table.Th>when it ends with</Table.Th><Table.Th>comes</Table.Th><Table.Th>How</Table.Th></Table.Tr></Table.Thead>
          <Table.Tbody>
            {list.map((e, i) => (
              <Table.Tr key={i}>
                <Table.Td><button type="button" className={classes.open} onClick={() => choose(e.from)}>{names.get(e.from)}</button></Table.Td>
                <Table.Td>{e.on ? <code>{e.on}</code> : "anything else"}</Table.Td>
                <Table.Td>{place(e)}</Table.Td>
                <Table.Td c="dimmed" fz="sm">{e.words}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}
