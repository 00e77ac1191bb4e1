import { Table, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Defined } from "../../components/Definition";
import { count, rate, ratio } from "../../lib/format";
import type { definitions } from "./definitions";
import type { PoolFigures } from "./pools";

/** The pools, each of which opens to its numbers. */
export function PoolTable({ pools, about }: { pools: readonly PoolFigures[]; about: ReturnType<typeof definitions> }) {
  return (
    <section className="card" aria-labelledby="pools" style={{ marginBottom: 16 }}>
      <Title order={2} id="pools" px={18} pt={12}>Pools</Title>
      <Table.ScrollContainer type="native" tabIndex={0} pos="relative" minWidth={680} mah={360}>
        <Table aria-label="Pools" className="rows" horizontalSpacing="md">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Pool</Table.Th><Table.Th ta="right">Numbers</Table.Th><Table.Th ta="right">Ready</Table.Th><Table.Th ta="right">Full today</Table.Th><Table.Th ta="right">Resting</Table.Th>
              <Table.Th ta="right"><Defined words="Room today">{about.room}</Defined></Table.Th><Table.Th ta="right"><Defined words="Answered" of="Answered, of a pool">{about.answered}</Defined></Table.Th>
              <Table.Th ta="right"><Defined words="Ill">{about.rests}</Defined></Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {pools.map((p) => (
              <Table.Tr key={p.name} data-pool={p.name}>
                <Table.Td miw={120}><Link to="/numbers" search={{ pool: p.name }} className="open-link"><bdi>{p.name}</bdi></Link></Table.Td>
                <Table.Td ta="right" className="num">{count(p.numbers)}</Table.Td>
                <Table.Td ta="right" className="num">{count(p.ready)}</Table.Td>
                <Table.Td ta="right" className="num">{count(p.full)}</Table.Td>
                <Table.Td ta="right" className="num">{count(p.resting)}</Table.Td>
                <Table.Td ta="right" className="num">{p.room === null ? "no cap" : count(p.room)}</Table.Td>
                <Table.Td ta="right" className="num">{rate(ratio(p.answered, p.attempts))}<Text size="xs" c="dimmed">of {count(p.attempts)}</Text></Table.Td>
                <Table.Td ta="right" className="num">{count(p.ill)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </section>
  );
}
