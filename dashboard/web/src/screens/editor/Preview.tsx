import { NativeSelect, Skeleton, Text as Words, TextInput, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Schemas, explain } from "../../api/client";
import { dispositionsQuery } from "../../api/attempts";
import { previewQuery } from "../../api/drafting";
import { words } from "../../lib/format";
import classes from "./Editor.module.css";
import { useDrafting } from "./fields";

/** Places by a number of theirs that belongs to nobody. */
const places = [
  ["Denver, Colorado", "+13035550123"], ["New York, New York", "+12125550123"], ["Chicago, Illinois", "+13125550123"], ["Los Angeles, California", "+12135550123"],
  ["Miami, Florida", "+13055550123"], ["Phoenix, Arizona", "+16025550123"], ["Anchorage, Alaska", "+19075550123"], ["Honolulu, Hawaii", "+18085550123"],
] as const;

/** The Friday after an instant, as a date. */
export function fridayAfter(iso: string): string {
  const d = new Date(iso);
  d.setUTCDate(d.getUTCDate() + ((5 - d.getUTCDay() + 7) % 7 || 7));
  return d.toISOString().slice(0, 10);
}

const days = new Intl.DateTimeFormat("en-US", { weekday: "short", month: "short", day: "numeric", timeZone: "UTC" });
/** A wall time as the contract writes it, in words: its zone is told beside it. */
const wall = (local: string) => `${days.format(new Date(`${local}Z`))}, ${local.slice(11, 16)}`;

/** When somebody would be called under this draft: asked of the engine itself. */
export function Preview({ now }: { now: string }) {
  const { draft } = useDrafting();
  const [number, setNumber] = useState<string>(places[0][1]);
  const [date, setDate] = useState(() => fridayAfter(now));
  const [time, setTime] = useState("16:50");
  const [assume, setAssume] = useState("NO_ANSWER");
  const codes = useQuery(dispositionsQuery).data?.items ?? [];
  const [document] = useDebouncedValue(draft.document, 500);
  const broken = draft.problems.some((p) => p.severity === "error");
  const asked = useQuery({ ...previewQuery(document, { number, enrolled: `${date}T${time}`, assume }), enabled: !broken && date !== "" && time !== "", placeholderData: keepPreviousData });
  const place = places.find(([, n]) => n === number)?.[0].split(",")[0] ?? "";
  return (
    <section className={`card ${classes.panel}`} aria-labelledby="preview">
      <Title order={2} id="preview">Preview</Title>
      <Words size="sm" c="dimmed" mb="xs">When a lead would be called, decided by the engine under today’s rules.</Words>
      <div className={classes.pair} style={{ gridTemplateColumns: "1fr 1fr" }}>
        <NativeSelect label="A lead in" data={places.map(([label, value]) => ({ value, label }))} value={number} onChange={(e) => setNumber(e.currentTarget.value)} style={{ gridColumn: "1 / -1" }} />
        <TextInput type="date" label="Enrolled on" value={date} onChange={(e) => setDate(e.currentTarget.value)} />
        <TextInput type="time" label="at" value={time} onChange={(e) => setTime(e.currentTarget.value)} />
        <NativeSelect label="Every call ends with" value={assume} onChange={(e) => setAssume(e.currentTarget.value)} style={{ gridColumn: "1 / -1" }}
          data={codes.length > 0 ? codes.map((c) => ({ value: c.code, label: c.label })) : [{ value: assume, label: words(assume) }]} />
      </div>
      <div aria-live="polite">
        {broken ? <Words size="sm" mt="sm">The draft has errors. What could not be published cannot be previewed.</Words>
          : asked.error ? <Words size="sm" mt="sm" c="var(--app-bad)">{explain(asked.error).message}</Words>
          : asked.data ? <Answer answer={asked.data} place={place} /> : <Skeleton h={120} mt="sm" />}
      </div>
    </section>
  );
}

function Answer({ answer: a, place }: { answer: Schemas["Preview"]; place: string }) {
  const { draft } = useDrafting();
  const name = (key: string) => draft.document.steps.find((s) => s.key === key)?.name || key;
  return (
    <>
      <Words size="sm" mt="sm">A lead enrolled {wall(a.local)} in {place} is called at:</Words>
      <ol className={classes.calls} data-testid="preview-calls">
        {a.touches.map((t, i) => (
          <li key={i}>
            <strong className="num">{wall(t.local)}</strong>
            <span>{name(t.step)}{t.run > 1 ? `, run ${t.run}` : ""}{t.why.includes("retry") ? ", again" : ""}</span>
            {t.rule && <Words component="span" size="xs" c="dimmed">Moved: {t.message}</Words>}
          </li>
        ))}
      </ol>
      {a.touches.length === 0 && <Words size="sm" fw={550}>It would not be called.</Words>}
      <Words size="xs" c="dimmed" mt="sm">{a.ends ? `Then: ${words(a.ends).toLowerCase()}${a.ends === "blocked" || a.ends === "exited" ? `, by ${a.reason}` : ""}.` : "More calls would follow."} Times are of {a.zone}.</Words>
    </>
  );
}
