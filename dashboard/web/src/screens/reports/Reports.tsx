import { Group, Skeleton, Text, Title, VisuallyHidden } from "@mantine/core";
import { IconReportAnalytics } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { AttemptFilter } from "../../api/attempts";
import { useMay, useZone } from "../../api/me";
import { type CallReport, reportQuery, sheetUrl } from "../../api/reports";
import { Notice } from "../../components/Notice";
import { EmptyState, ErrorState, StaleAlert } from "../../components/States";
import { instant, period } from "../../lib/time";
import { useTitle } from "../../lib/useTitle";
import { CallerIds } from "./CallerIds";
import { Controls } from "./Controls";
import { Curve } from "./Curve";
import { Dispositions } from "./Dispositions";
import { Funnel } from "./Funnel";
import { HeatMap } from "./HeatMap";
import classes from "./Reports.module.css";
import { Section } from "./Section";
import { Summary } from "./Summary";
import { Waiting } from "./Waiting";
import { type ReportSearch, against, question } from "./search";

const route = getRouteApi("/reports");

/** What became of the calls of a period, from every side. */
export default function Reports() {
  useTitle("Reports");
  const search = route.useSearch();
  const { data, error, refetch, dataUpdatedAt } = useQuery(reportQuery(question(search)));
  const before = against(search, data?.period);
  const other = useQuery({ ...reportQuery(before ?? {}), enabled: before !== null });
  const zone = useZone();
  return (
    <>
      <Group justify="space-between" mb="md" gap="xs">
        <Title order={1}>Reports</Title>
        {data && <Text size="sm" c="dimmed" className="num">{period(data.period, zone)}</Text>}
      </Group>
      <Controls />
      {error && data && <StaleAlert error={error} since={dataUpdatedAt} retry={() => void refetch()} />}
      {other.error && <Notice tone="bad" role="alert" mb="md">The time to compare with could not be loaded. {other.error.message}</Notice>}
      {data ? <Parts report={data} other={before ? other.data : undefined} search={search} zone={zone} /> : error ? (
        <section className="card"><ErrorState what="the report" error={error} retry={() => void refetch()} /></section>
      ) : <Loading />}
    </>
  );
}

function Parts({ report, other, search, zone }: { report: CallReport; other?: CallReport; search: ReportSearch; zone?: string }) {
  const may = useMay();
  const table = search.view === "table";
  const asked = question(search);
  const filter: AttemptFilter = { cadence: report.cadence?.id, ...report.period };
  return (
    <>
      {report.read_back_to && <Notice tone="warn" role="status" mb="md">The calls of this ledger are still being read, newest first; so far back to {instant(report.read_back_to, zone)}. This page goes on by itself.</Notice>}
      {report.since && report.since > report.period.from && <Notice tone="warn" mb="md">Reports keep the newest 3,000,000 calls: those before {instant(report.since, zone)} are not counted here.</Notice>}
      {report.attempts === 0 && report.by_disposition.length === 0 ? (
        <section className={`card ${classes.section}`}>
          <EmptyState icon={IconReportAnalytics} title="No call in this time">
            Once calls are over, this page shows how far they got by step and run, how they ended, at which hours people are reached,
            how many attempts that takes, and which of your numbers are answered. Choose a longer time or another cadence.
          </EmptyState>
        </section>
      ) : (
        <>
          <Summary report={report} other={other} zone={zone} filter={filter} />
          <Section title={report.cadence ? "Funnel by step and run" : "Funnel by cadence"} sheet={sheetUrl(asked, report.cadence ? "steps" : "cadences")}
            about={`Attempts → completed → contacts → conversions.${report.cadence ? "" : " Choose a cadence to see its steps and runs."}`}>
            <Funnel report={report} filter={filter} table={table} />
          </Section>
          <div className={classes.pair}>
            <Section title="Dispositions" about="How the calls ended, by the disposition that stands." sheet={sheetUrl(asked, "dispositions")}>
              <Dispositions report={report} other={other} filter={filter} table={table} />
            </Section>
            <Section title="Attempts to contact" about="Of the leads called for the first time in this time: how many were reached by which attempt." sheet={sheetUrl(asked, "attempts_to_contact")}>
              <Curve report={report} table={table} />
            </Section>
          </div>
          <Section title="Contact rate by hour and weekday" about="Hours are local to the lead, in its own zone. Contacts ÷ attempts, in percent." sheet={sheetUrl(asked, "hours")}>
            <HeatMap report={report} filter={filter} table={table} />
          </Section>
          {may("numbers.read") && <CallerIds question={asked} filter={filter} table={table} />}
        </>
      )}
      <Waiting cadence={report.cadence?.id} zone={zone} />
    </>
  );
}

function Loading() {
  return (
    <div aria-busy="true">
      <VisuallyHidden>Loading the report</VisuallyHidden>
      {[90, 240, 240].map((h, i) => <section key={i} className={`card ${classes.section}`}><Skeleton h={h} /></section>)}
    </div>
  );
}
