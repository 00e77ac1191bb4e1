import { Skeleton, Table } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { AttemptFilter } from "../../api/attempts";
import { type ReportQuestion, callerReportQuery, sheetUrl } from "../../api/reports";
import { ErrorState } from "../../components/States";
import { count, rate } from "../../lib/format";
import classes from "./Reports.module.css";
import { Calls, None, Scroll, Section } from "./Section";

const states: Record<string, string> = { ready: "Ready", full: "Had its calls today", resting: "Rests" };

/** Which of our numbers are answered: the rate with the interval in which it lies. */
export function CallerIds({ question, filter, table }: { question: ReportQuestion; filter: AttemptFilter; table: boolean }) {
  const { data, error, refetch } = useQuery(callerReportQuery(question));
  return (
    <Section title="Caller IDs" sheet={sheetUrl(question, "caller-ids")}
      about="Calls that a person answered ÷ attempts, by the number that was shown. The thin line is the interval in which the rate lies; numbers whose lines do not meet differ.">
      {!data ? error ? <ErrorState what="the caller IDs" error={error} retry={() => void refetch()} /> : <Skeleton h={120} /> : data.items.length === 0 ? <None>No call of this time is over.</None> : (
        <Scroll of="Caller IDs" width={table ? 860 : 620}>
          <Table className="rows num" verticalSpacing={7}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Caller ID</Table.Th><Table.Th>Now</Table.Th><Table.Th ta="right">Attempts</Table.Th><Table.Th ta="right">Answered</Table.Th><Table.Th ta="right">Answer rate</Table.Th>
                {table ? ["From", "To", "Contacts", "Contact rate", "Abandoned"].map((h) => <Table.Th key={h} ta="right">{h}</Table.Th>) : <Table.Th w="34%"><span className="visually-hidden">Interval</span></Table.Th>}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.items.map((c) => (
                <Table.Tr key={c.number}>
                  <Table.Td>{c.number}</Table.Td>
                  <Table.Td>{c.state ? states[c.state] : "Not ours any more"}</Table.Td>
                  <Table.Td ta="right"><Calls of={{ ...filter, caller_id: c.number, counts: "attempts" }} n={c.attempts}>{count(c.attempts)}</Calls></Table.Td>
                  <Table.Td ta="right"><Calls of={{ ...filter, caller_id: c.number, counts: "answered" }} n={c.answered}>{count(c.answered)}</Calls></Table.Td>
                  <Table.Td ta="right">{rate(c.answer_rate)}</Table.Td>
                  {table ? [rate(c.answer_interval.low), rate(c.answer_interval.high), count(c.contacts), rate(c.contact_rate), count(c.abandoned)].map((v, i) => <Table.Td key={i} ta="right">{v}</Table.Td>) : (
                    <Table.Td>
                      <div className={classes.range} role="img" aria-label={`between ${rate(c.answer_interval.low)} and ${rate(c.answer_interval.high)}`}>
                        <i style={{ left: `${c.answer_interval.low * 100}%`, right: `${100 - c.answer_interval.high * 100}%` }} />
                        {c.answer_rate !== null && <b style={{ left: `${c.answer_rate * 100}%` }} />}
                      </div>
                    </Table.Td>
                  )}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Scroll>
      )}
    </Section>
  );
}
