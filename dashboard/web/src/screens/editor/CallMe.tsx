import { Anchor, Button, Group, NativeSelect, Skeleton, Text as Words } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPhoneCall } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { explain } from "../../api/client";
import { useMay } from "../../api/me";
import { rehearse, staffQuery } from "../../api/rehearsals";
import { Notice } from "../../components/Notice";
import { Course } from "../staff/Course";
import { StaffNumbers } from "../staff/StaffNumbers";
import classes from "./Editor.module.css";
import { useDrafting } from "./fields";

/** Rings one of our own telephones as this step would ring a lead. */
export function CallMe({ cadence, step }: { cadence: string; step: string }) {
  const may = useMay();
  if (!may("rehearse")) return null;
  return <Panel cadence={cadence} step={step} key={step} />;
}

function Panel({ cadence, step }: { cadence: string; step: string }) {
  const { draft } = useDrafting();
  const queries = useQueryClient();
  const staff = useQuery(staffQuery);
  const [numbers, keep] = useDisclosure();
  const [chosen, choose] = useState("");
  const call = useMutation({
    mutationFn: (to: string) => rehearse(to, cadence, "draft", step),
    onSuccess: (r) => queries.setQueryData(["rehearsal", r.id], r),
    onSettled: () => queries.invalidateQueries({ queryKey: ["staff"] }),
  });
  const verified = staff.data?.items.filter((s) => s.verified) ?? [];
  const to = verified.find((s) => s.number === chosen) ?? verified[0];
  const unready = draft.saving !== "saved" ? "The draft is being saved." : draft.problems.some((p) => p.severity === "error") ? "Solve what the checks name first: only what could be published can be called." : "";
  const why = verified.length === 0 ? "No number of your own people is verified yet, and nobody else is ever called to try a step out." : unready;
  return (
    <section className={classes.callme} aria-labelledby="callme">
      <Group justify="space-between" gap="sm">
        <Words fw={600} id="callme" component="h3" m={0}>Call me with this step</Words>
        <Group gap="md">
          <Anchor component={Link} to="/rehearsals" fz="sm">Rehearsals so far</Anchor>
          <Anchor component="button" type="button" fz="sm" onClick={keep.open}>Staff numbers…</Anchor>
        </Group>
      </Group>
      <Words size="sm" c="dimmed" mt={2}>One real call as this step places it now: caller ID, message, voicemail, keys. The law’s hours hold; no figure counts it.</Words>
      {staff.error ? <Words size="sm" c="var(--app-bad)" mt="xs" role="alert">{explain(staff.error).message}</Words> : !staff.data ? <Skeleton h={36} mt="xs" /> : (
        <form className={classes.callform} onSubmit={(e) => { e.preventDefault(); if (to) call.mutate(to.number); }}>
          {verified.length > 0 && <NativeSelect label="Number to call" value={to?.number} onChange={(e) => choose(e.currentTarget.value)} data={verified.map((s) => ({ value: s.number, label: `${s.name}, ${s.number}` }))} />}
          <Button type="submit" leftSection={<IconPhoneCall size={16} aria-hidden />} disabled={why !== ""} loading={call.isPending} aria-describedby={why ? "callme-why" : undefined}>Call me with this step</Button>
        </form>
      )}
      {staff.data && why && <Words size="sm" id="callme-why" mt={6}>{why} {verified.length === 0 && <Anchor component="button" type="button" fz="inherit" onClick={keep.open}>Verify a number</Anchor>}</Words>}
      {call.error && <Notice tone="bad" role="alert" mt="sm" title="No call was asked for">{explain(call.error).message}</Notice>}
      {call.data && !call.error && <Course id={call.data.id} />}
      {numbers && <StaffNumbers close={keep.close} />}
    </section>
  );
}
