import { Table, Text } from "@mantine/core";
import type { CadenceDocument, Step } from "../../api/client";
import { words } from "../../lib/format";
import { lengthWords, spanWords } from "../../lib/time";
import classes from "./Cadence.module.css";
import { RouteList } from "./RouteList";
import type { Pin } from "./pins";

/** Every step with its timing, caller ID, voicemail and routes. On a phone each becomes a block; the roles keep it a table. */
export function StepTable({ document, pins }: { document: CadenceDocument; pins: Pin[] | undefined }) {
  return (
    <div className={classes.scroll}>
      <Table verticalSpacing="sm" horizontalSpacing="md" className={`rows ${classes.steps}`} classNames={{ td: classes.top }} role="table" aria-label="Steps">
        <Table.Thead role="rowgroup">
          <Table.Tr role="row">
            <Table.Th role="columnheader" w={44}>#</Table.Th>
            <Table.Th role="columnheader" miw={130}>Step</Table.Th>
            <Table.Th role="columnheader" miw={150}>When</Table.Th>
            <Table.Th role="columnheader" miw={110}>Caller ID</Table.Th>
            <Table.Th role="columnheader">Numbers</Table.Th>
            <Table.Th role="columnheader">Voicemail</Table.Th>
            <Table.Th role="columnheader" miw={220}>Routes</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody role="rowgroup">
          {document.steps.map((s, i) => (
            <Table.Tr key={s.key} role="row">
              <Table.Td role="cell" className="num">{i + 1}</Table.Td>
              <Table.Td role="cell"><Named step={s} /></Table.Td>
              <Table.Td role="cell" data-label="When">{when(document, i, pins?.[i])}</Table.Td>
              <Table.Td role="cell" data-label="Caller ID">{callerID(s)}</Table.Td>
              <Table.Td role="cell" data-label="Numbers">{numbers(s)}</Table.Td>
              <Table.Td role="cell" data-label="Voicemail">{voicemail(s)}</Table.Td>
              <Table.Td role="cell" data-label="Routes"><RouteList routes={s.routes ?? []} after={s.delay_after} last={i === document.steps.length - 1} /></Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function Named({ step }: { step: Step }) {
  return (
    <>
      <Text fw={550} size="sm">{step.name || step.key}</Text>
      <Text size="xs" c="dimmed">{words(step.kind)}{step.name ? ` · ${step.key}` : ""}{step.placed_by === "rep" ? " · placed by a person" : ""}</Text>
      {step.advanced?.condition && <Text size="xs" c="dimmed">Only if <code>{step.advanced.condition}</code></Text>}
      {step.script && <details className={classes.script}><summary>Script</summary>{step.script}</details>}
    </>
  );
}

function when(document: CadenceDocument, i: number, pin: Pin | undefined) {
  const step = document.steps[i];
  const before = document.steps[i - 1];
  if (step?.parent) return <>{spanWords(step.delay)} after {step.parent}</>;
  if (!before || !pin) return <>At enrollment</>;
  const from = step?.anchor === "enrollment" ? "after enrollment" : `after step ${i}`;
  return (
    <>
      {spanWords(before.delay_after)} {from}
      <Text size="xs" c="dimmed" className="num">{pin.about ? "about " : ""}{lengthWords(pin.at)} after enrollment</Text>
    </>
  );
}

function callerID(s: Step) {
  const c = s.caller_id;
  if (c?.strategy === "fixed") return <>Fixed {c.number}</>;
  return (
    <>
      {words(c?.strategy ?? "random")}
      <Text size="xs" c="dimmed">pool {c?.pool || "default"}</Text>
    </>
  );
}

function numbers(s: Step): string {
  if (s.numbers === "in_order") return "In order";
  if (typeof s.numbers === "object") return `Next number on ${s.numbers.next_on.join(", ")}`;
  return "Primary";
}

function voicemail(s: Step) {
  if (!s.voicemail?.leave) return <Text size="sm" c="dimmed">Hang up</Text>;
  const message = s.voicemail.text || s.voicemail.audio;
  return (
    <>
      Leave a message
      {message && <details className={classes.script}><summary>Message</summary>{message}</details>}
    </>
  );
}
