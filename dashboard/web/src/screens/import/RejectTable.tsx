import { Button, Group, Table, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import type { Rejected } from "../../api/lists";
import { csv, download } from "../../lib/csv";
import { plural, sentence } from "../../lib/format";

/** How many rows are shown; the file has all. */
const SHOWN = 8;

/** Rejected rows as a file that a spreadsheet opens. */
export function saveRejects(name: string, rows: readonly Rejected[]) {
  download(`${name.trim().toLowerCase().replaceAll(/[^a-z0-9]+/g, "-") || "leads"}-rejected.csv`, csv(["line", "column", "code", "problem"], rows.map((r) => [r.line, r.column, r.code, r.message])));
}

/** The first of the rows that cannot be leads, with the reason. */
export function RejectTable({ rejects, total, name }: { rejects: readonly Rejected[]; total: number; name: string }) {
  return (
    <section aria-label="Rows that cannot be leads" style={{ marginBottom: 18 }}>
      <Table.ScrollContainer type="native" tabIndex={0} pos="relative" minWidth={280}>
        <Table aria-label="Rows that cannot be leads" className="rows" verticalSpacing={5}>
          <Table.Thead><Table.Tr><Table.Th ta="right" w={72}>Line</Table.Th><Table.Th w="24%">Column</Table.Th><Table.Th>Problem</Table.Th></Table.Tr></Table.Thead>
          <Table.Tbody>
            {rejects.slice(0, SHOWN).map((r) => (
              <Table.Tr key={r.line}>
                <Table.Td ta="right" className="num">{r.line}</Table.Td>
                <Table.Td style={{ overflowWrap: "anywhere" }}><bdi>{r.column || "–"}</bdi></Table.Td>
                <Table.Td style={{ overflowWrap: "anywhere" }}>{sentence(r.message)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Group mt="xs" gap="sm">
        <Text size="sm" c="dimmed">{total > SHOWN ? `The first ${SHOWN} of ${plural(total, "bad row")}.` : `${plural(total, "bad row")}.`}</Text>
        <Button variant="default" size="compact-sm" leftSection={<IconDownload size={16} aria-hidden />} onClick={() => saveRejects(name, rejects)}>
          Download {rejects.length < total ? `the first ${rejects.length}` : "them"}
        </Button>
      </Group>
    </section>
  );
}
