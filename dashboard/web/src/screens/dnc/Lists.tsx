import { Table, Text } from "@mantine/core";
import { IconListCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { packsQuery } from "../../api/compliance";
import type { Schemas } from "../../api/client";
import { Defined } from "../../components/Definition";
import { EmptyState } from "../../components/States";
import { count, plural } from "../../lib/format";
import { date, instant } from "../../lib/time";
import classes from "../compliance/Compliance.module.css";
import { oldest } from "./listing";

/** The imported lists with their age, and whether the rules in force find them too old. */
export function Lists({ page }: { page: Schemas["DNCListPage"] }) {
  const packs = useQuery(packsQuery).data;
  if (page.items.length === 0)
    return <EmptyState icon={IconListCheck} title="No imported list">National and state do-not-call registries, lists of reassigned numbers or of known litigators: import a file of numbers under a name. Whoever is on a list is not called, unless a consent or a relationship waives its rule.</EmptyState>;
  return (
    <Table.ScrollContainer type="native" tabIndex={0} pos="relative" minWidth={860}>
      <Table aria-label="Imported lists" className="rows" horizontalSpacing="md">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>List</Table.Th><Table.Th ta="right">Numbers</Table.Th>
            <Table.Th><Defined words="As of">The day that the list itself says it is from, and how many whole days ago that was.</Defined></Table.Th><Table.Th>In force since</Table.Th>
            <Table.Th><Defined words="File">The SHA-256 of the file, and a sum over the numbers that is the same for the same numbers in any order.</Defined></Table.Th><Table.Th>Import</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {page.items.map((l) => {
            const rule = oldest(packs, l.name);
            const late = rule && l.age_days !== null && l.age_days > rule.days;
            return (
              <Table.Tr key={l.name} data-list={l.name}>
                <Table.Td><Text size="sm" fw={550}>{l.name}</Text><Text size="xs" c="dimmed">edition {l.edition}</Text></Table.Td>
                <Table.Td ta="right" className="num">{count(l.count)}</Table.Td>
                <Table.Td>
                  {l.as_of ? date(l.as_of, "UTC") : "Never whole"}
                  {l.age_days !== null && <Text size="xs" className={late ? classes.late : undefined} c={late ? undefined : "dimmed"}>{plural(l.age_days, "day")} old{rule && `; ${rule.rule} allows ${plural(rule.days, "day")}`}</Text>}
                </Table.Td>
                <Table.Td>{l.in_force_since ? instant(l.in_force_since) : "–"}</Table.Td>
                <Table.Td><code title={l.digest}>{l.digest.slice(0, 12) || "–"}</code><Text size="xs" c="dimmed">sum <code>{l.sum}</code></Text></Table.Td>
                <Table.Td>{l.running_import ? "A newer edition is coming in" : "–"}</Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
