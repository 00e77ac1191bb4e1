import { Badge, Button, Group, Skeleton, Table, Text as Words } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type CadenceDetail, ask, client, explain } from "../../api/client";
import { diffQuery, versionsQuery } from "../../api/drafting";
import { Dialog } from "../../components/Dialog";
import { good } from "../../lib/notify";
import { plural } from "../../lib/format";
import { instant } from "../../lib/time";
import { ChangeList } from "./ChangeList";

interface Props {
  cadence: CadenceDetail;
  close: () => void;
  done: (c: CadenceDetail) => void;
}

/** What was published, when, and the way back: an older document becomes the newest version. */
export function HistoryDialog({ cadence: c, close, done }: Props) {
  const queries = useQueryClient();
  const list = useQuery(versionsQuery(c.id));
  const [chosen, setChosen] = useState<number>();
  const diff = useQuery({ ...diffQuery(c.id, String(c.version), String(chosen ?? c.version), c.version), enabled: chosen !== undefined });
  const back = useMutation({
    mutationFn: (n: number) => ask(client.POST("/v1/cadences/{id}/versions/{n}/restore", { params: { path: { id: c.id, n } } })),
    onSuccess: (after, n) => {
      good(`Rolled back to version ${n}`, `Its document is version ${after.version} now. ${after.publishable ? "Your unpublished changes are still in the draft." : ""}`);
      done(after);
      close();
    },
    onSettled: () => queries.invalidateQueries(),
  });
  return (
    <Dialog onClose={close} title="Versions" size="lg" centered>
      {!list.data ? (list.error ? <Words c="var(--app-bad)">{explain(list.error).message}</Words> : <Skeleton h={160} />) : list.data.items.length === 0 ? (
        <Words size="sm">Nothing was published yet. Each time it is, the version is kept here.</Words>
      ) : (
        <Table aria-label="Versions" className="rows" verticalSpacing={8}>
          <Table.Thead><Table.Tr><Table.Th>Version</Table.Th><Table.Th>Published</Table.Th><Table.Th>What</Table.Th><Table.Th>Compare</Table.Th></Table.Tr></Table.Thead>
          <Table.Tbody>
            {list.data.items.map((v) => (
              <Table.Tr key={v.version}>
                <Table.Td className="num">{v.version} {v.current && <Badge variant="default" size="sm">now</Badge>}</Table.Td>
                <Table.Td fz="sm">{instant(v.published_at)}</Table.Td>
                <Table.Td fz="sm">{plural(v.steps, "step")}{v.version > 1 ? `, ${plural(v.changes, "change")}` : ""}</Table.Td>
                <Table.Td>{!v.current && <Button size="compact-sm" variant="default" aria-expanded={chosen === v.version} onClick={() => setChosen(v.version)}>Look at {v.version}</Button>}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {chosen !== undefined && (
        <section aria-label={`Going back to version ${chosen}`} style={{ marginTop: 16 }}>
          <Words fw={600} mb="xs">Going back to version {chosen} changes</Words>
          {diff.data ? <ChangeList changes={diff.data.changes} /> : diff.error ? <Words c="var(--app-bad)" size="sm" role="alert">{explain(diff.error).message}</Words> : <Skeleton h={80} />}
          {back.error && <Words c="var(--app-bad)" size="sm" role="alert" mt="sm">{explain(back.error).message}</Words>}
          <Group justify="flex-end" mt="md">
            <Button variant="default" onClick={() => setChosen(undefined)}>Stay at {c.version}</Button>
            <Button loading={back.isPending} disabled={!diff.data} onClick={() => back.mutate(chosen)}>Roll back to {chosen}</Button>
          </Group>
        </section>
      )}
    </Dialog>
  );
}
