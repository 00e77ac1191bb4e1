import { Group, NativeSelect, Skeleton, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { dispositionsQuery } from "../../api/attempts";
import { type Forecast, forecastQuery } from "../../api/leads";
import { Notice } from "../../components/Notice";
import { ErrorState } from "../../components/States";
import { sentence } from "../../lib/format";
import { wall } from "../../lib/time";
import classes from "../attempt/Attempt.module.css";
import { endReason } from "../../lib/reasons";
import own from "./Lead.module.css";

/** The next touches under today's rules, if every call ends the same way. */
export function ForecastPanel({ lead, active }: { lead: string; active: boolean }) {
  const [assume, setAssume] = useState("NO_ANSWER");
  const codes = useQuery(dispositionsQuery).data?.items ?? [{ code: "NO_ANSWER", label: "No answer" }];
  const { data, error, refetch } = useQuery({ ...forecastQuery(lead, assume), enabled: active, placeholderData: (old) => old });
  return (
    <section className={`card ${classes.part}`} aria-labelledby="forecast">
      <Group justify="space-between" mb="sm" gap="xs">
        <Title order={2} id="forecast">What comes next</Title>
        {active && <NativeSelect size="xs" aria-label="If every call ends with" value={assume} onChange={(e) => setAssume(e.currentTarget.value)} data={codes.map((d) => ({ value: d.code, label: `If always: ${d.label}` }))} />}
      </Group>
      {!active ? (
        <Text size="sm" c="dimmed">Nothing: the lead is in no cadence now. Enroll it to see when it would be called.</Text>
      ) : data ? (
        data.enrollments.map((s) => <Stay key={s.enrollment} stay={s} />)
      ) : error ? (
        <ErrorState what="the forecast" error={error} retry={() => void refetch()} />
      ) : (
        <Skeleton h={140} />
      )}
    </section>
  );
}

function Stay({ stay: s }: { stay: Forecast["enrollments"][number] }) {
  return (
    <div className={own.stay}>
      <Text size="sm" fw={550}>{s.cadence_name}</Text>
      {s.held && <Notice tone="warn" title="Held until somebody acts" mb="xs">{sentence(s.held.message)}</Notice>}
      <ol className={own.touches}>
        {s.touches.map((t, i) => (
          <li key={i}>
            <span className="num">{wall(t.local)}</span>
            <span>
              {t.step}{t.run > 1 ? `, run ${t.run}` : ""} <Text span size="xs" c="dimmed">{t.zone}</Text>
              {t.rule && <Text size="xs" c="dimmed" title={t.rule}>Moved: {sentence(t.message || t.rule)}</Text>}
            </span>
          </li>
        ))}
      </ol>
      <Text size="xs" c="dimmed">{s.ends === null ? "More would follow." : sentence(`then it ends: ${s.ends}${s.reason ? `, ${endReason(s.reason)}` : ""}`)}</Text>
    </div>
  );
}
