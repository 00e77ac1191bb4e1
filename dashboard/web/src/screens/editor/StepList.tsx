import { ActionIcon, Badge, Button, Group, Text as Words } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconCopy, IconGripVertical, IconPlus, IconTrash } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import type { Step } from "../../api/client";
import { spanWords } from "../../lib/time";
import { good } from "../../lib/notify";
import { addStep, duplicateStep, moveStep, removeStep, restoreStep } from "./document";
import classes from "./Editor.module.css";
import { useDrafting } from "./fields";
import { within } from "./problems";

/** The steps in order: chosen, added, copied, removed, and moved by buttons or by dragging. */
export function StepList({ chosen, choose }: { chosen: string | undefined; choose: (key: string) => void }) {
  const { draft, edit } = useDrafting();
  const { steps } = draft.document;
  const [dragged, setDragged] = useState<number>();
  const [over, setOver] = useState<number>();
  const [told, setTold] = useState("");
  const list = useRef<HTMLOListElement>(null);
  const add = useRef<HTMLButtonElement>(null);
  const offer = useRef<() => void>(undefined);
  useEffect(() => () => offer.current?.(), []); // away from the draft there is nothing to put a step back into
  const errors = (i: number) => draft.problems.filter((p) => p.severity === "error" && within(p.path, `steps[${i}]`)).length;
  const move = (from: number, to: number) => {
    if (from === to) return;
    edit((d) => moveStep(d, from, to));
    setTold(`${steps[from]?.name || steps[from]?.key} is now step ${to + 1} of ${steps.length}`);
  };
  const remove = (step: Step, i: number) => {
    edit((d) => removeStep(d, d.steps.findIndex((s) => s.key === step.key)));
    // The button goes with its step: the keyboard goes on at the one that comes to its place.
    const next = list.current?.querySelectorAll<HTMLElement>("[data-step]")[i === steps.length - 1 ? i - 1 : i + 1];
    (next ?? add.current)?.focus();
    offer.current?.();
    offer.current = good(`Step “${step.name || step.key}” is removed`, "Routes that lead to it are named by the checks.", { name: "Undo", run: () => edit((d) => restoreStep(d, step, i)) });
  };
  return (
    <>
      <ol className={classes.steps} aria-label="Steps" ref={list}>
        {steps.map((s, i) => (
          <li key={s.key} className={classes.step} data-chosen={s.key === chosen || undefined} data-over={over === i && dragged !== i ? (dragged !== undefined && dragged < i ? "below" : "above") : undefined}
            draggable onDragStart={(e) => { setDragged(i); e.dataTransfer.effectAllowed = "move"; e.dataTransfer.setData("text/plain", s.key); }} onDragEnd={() => { setDragged(undefined); setOver(undefined); }}
            onDragOver={(e) => { if (dragged !== undefined) { e.preventDefault(); setOver(i); } }}
            onDrop={(e) => { e.preventDefault(); if (dragged !== undefined) move(dragged, i); setDragged(undefined); setOver(undefined); }}>
            <IconGripVertical size={16} aria-hidden className={classes.grip} />
            <button type="button" data-step={s.key} className={classes.open} aria-current={s.key === chosen ? "step" : undefined} onClick={() => choose(s.key)}>
              <span>{i + 1}. {s.name || s.key}</span>
              <Words component="span" size="xs" c="dimmed">{summary(s, i === steps.length - 1)}</Words>
            </button>
            {errors(i) > 0 && <Badge size="sm" circle variant="default" className={classes.bad} role="img" aria-label={`${errors(i)} errors`}>{errors(i)}</Badge>}
            <Group gap={0} wrap="nowrap" className={classes.tools}>
              <ActionIcon variant="subtle" color="gray" size={26} disabled={i === 0} aria-label={`Move ${s.name || s.key} up`} onClick={() => move(i, i - 1)}><IconArrowUp size={15} aria-hidden /></ActionIcon>
              <ActionIcon variant="subtle" color="gray" size={26} disabled={i === steps.length - 1} aria-label={`Move ${s.name || s.key} down`} onClick={() => move(i, i + 1)}><IconArrowDown size={15} aria-hidden /></ActionIcon>
              <ActionIcon variant="subtle" color="gray" size={26} aria-label={`Duplicate ${s.name || s.key}`} onClick={() => edit((d) => duplicateStep(d, i))}><IconCopy size={15} aria-hidden /></ActionIcon>
              <ActionIcon variant="subtle" color="gray" size={26} aria-label={`Remove ${s.name || s.key}`} onClick={() => remove(s, i)}><IconTrash size={15} aria-hidden /></ActionIcon>
            </Group>
          </li>
        ))}
      </ol>
      <p role="status" className={classes.told}>{told}</p>
      <Button ref={add} fullWidth variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => { const next = addStep(draft.document); edit(addStep); choose(next.steps.at(-1)?.key ?? ""); }}>Add step</Button>
    </>
  );
}

const summary = (s: Step, last: boolean): string => [s.voicemail?.leave ? "voicemail" : "", last ? "" : `next ${s.delay_after && s.delay_after !== "0s" ? `after ${spanWords(s.delay_after)}` : "at once"}`].filter(Boolean).join(" · ") || "last step";
