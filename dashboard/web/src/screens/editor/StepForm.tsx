import { Badge, Checkbox, Group, Stack, Switch, Tabs, Text as Words } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import type { Schemas } from "../../api/client";
import { dispositionsQuery } from "../../api/attempts";
import { Audio } from "./Audio";
import { Connect } from "./Connect";
import { type Path, pathText } from "./document";
import classes from "./Editor.module.css";
import { Choice, Long, Span, Text, Yes, useDrafting, useField } from "./fields";
import { Pairs } from "./Pairs";
import { type Tab, partOf, tabNames, tabs } from "./problems";
import { Routes } from "./Routes";

/** One step, in four parts. A part with an error says how many. */
export function StepForm({ at, tab, show }: { at: number; tab: Tab; show: (t: Tab) => void }) {
  const { draft } = useDrafting();
  const errors = (t: Tab) => draft.problems.filter((p) => { const part = partOf(p.path); return p.severity === "error" && "step" in part && part.step === at && part.tab === t; }).length;
  const path: Path = ["steps", at];
  return (
    <Tabs value={tab} onChange={(v) => v && show(v as Tab)} keepMounted={false} key={draft.document.steps[at]?.key}>
      <Tabs.List>
        {tabs.map((t) => {
          const n = errors(t);
          return <Tabs.Tab key={t} value={t} rightSection={n > 0 ? <Badge size="sm" circle variant="default" className={classes.bad} aria-label={`${n} errors`}>{n}</Badge> : undefined}>{tabNames[t]}</Tabs.Tab>;
        })}
      </Tabs.List>
      <Tabs.Panel value="basic" pt="md"><Basic path={path} /></Tabs.Panel>
      <Tabs.Panel value="timing" pt="md"><Timing path={path} at={at} /></Tabs.Panel>
      <Tabs.Panel value="routing" pt="md">
        <Routes path={[...path, "routes"]} title="Routes of this step">What follows each outcome of this call. An outcome that is not named here follows the cadence’s own routes, then the server’s.</Routes>
      </Tabs.Panel>
      <Tabs.Panel value="advanced" pt="md"><Advanced path={path} /></Tabs.Panel>
    </Tabs>
  );
}

const strategies = [
  { value: "random", label: "Random: any of the pool" }, { value: "rotating_pool", label: "Rotating: the one not used for longest" }, { value: "sticky", label: "Sticky: always the same for a lead" },
  { value: "local_presence", label: "Local: of the lead’s area" }, { value: "least_used_today", label: "The least used today" }, { value: "fixed", label: "One fixed number" },
];

function Basic({ path }: { path: Path }) {
  const strategy = useField<string>([...path, "caller_id", "strategy"]).value;
  return (
    <Stack>
      <Text path={[...path, "name"]} label="Step name" />
      <Long path={[...path, "script"]} label="Call script" hint="For whoever talks. Fields such as {{ lead.first_name }} are filled in." rows={4} />
      <div className={classes.pair}>
        <Choice path={[...path, "caller_id", "strategy"]} label="Caller ID strategy" options={strategies} fallback="random" />
        {strategy === "fixed" ? <Text path={[...path, "caller_id", "number"]} label="Number shown" placeholder="+13035550100" required /> : <Text path={[...path, "caller_id", "pool"]} label="Pool" placeholder="default" />}
      </div>
      <Voicemail path={[...path, "voicemail"]} />
    </Stack>
  );
}

function Voicemail({ path }: { path: Path }) {
  const v = useField<Schemas["Step"]["voicemail"]>(path);
  const on = v.value?.leave ?? false;
  // Switched off and on again it is what it was: a long text is soon lost.
  const last = useRef(v.value);
  if (v.value?.leave) last.current = v.value;
  return (
    <div className={classes.card}>
      <Switch label="Leave a voicemail if a machine answers" description={on ? undefined : "Otherwise the call is ended"} checked={on} data-path={pathText([...path, "leave"])} onChange={(e) => v.set(e.currentTarget.checked ? (last.current ?? { leave: true, text: "" }) : undefined)} />
      {on && (
        <>
          <Long path={[...path, "text"]} label="Voicemail message" hint="Spoken after the greeting. Leave it empty to play a recording." rows={3} />
          <Audio path={[...path, "audio"]} label="or a recording" />
          <Yes path={[...path, "only_after_beep"]} label="Only after a beep" hint="Otherwise also when the greeting ends without one" />
          {v.error && !v.value?.text && !v.value?.audio && <Words size="sm" c="var(--app-bad)">{v.error}</Words>}
        </>
      )}
    </div>
  );
}

const anchors = [{ value: "previous", label: "After the step before it" }, { value: "enrollment", label: "After the enrollment" }];

function Timing({ path, at }: { path: Path; at: number }) {
  const { draft } = useDrafting();
  const last = at === draft.document.steps.length - 1;
  return (
    <Stack>
      <Span path={[...path, "delay_after"]} label="Delay after this step" hint={last ? "Of no effect on the last step" : "From the end of this call to the next one"} />
      {at > 0 && <Choice path={[...path, "anchor"]} label="The delay before this step counts from" options={anchors.map((a) => ({ ...a, label: a.label.replace("After", "The end of").replace("The end of the enrollment", "The enrollment") }))} fallback="previous" />}
      <Span path={[...path, "ring_timeout"]} label="Ring for" seconds hint="15 to 60 seconds; 25 when empty" />
    </Stack>
  );
}

const modes = [{ value: "sync", label: "Before anything is said" }, { value: "async", label: "While the call goes on" }, { value: "off", label: "Not at all" }];

function Advanced({ path }: { path: Path }) {
  const { draft, set } = useDrafting();
  const at = path[1] as number;
  const own = (draft.document.steps[at]?.connect ?? []).length > 0;
  return (
    <Stack>
      <Text path={[...path, "advanced", "condition"]} label="Only if" placeholder='lead.fields.source == "web" and attempt.count < 3' hint="A condition over lead, attempt and now; when it is false the step is left out" mono />
      <Pairs path={[...path, "advanced", "variables"]} label="Variables" hint="Used in texts as {{ vars.name }}" name="Name" value="Value" />
      <Numbers path={[...path, "numbers"]} />
      <div className={classes.pair}>
        <Choice path={[...path, "detection", "mode"]} label="Tell machines from people" options={modes} fallback="sync" />
        <Span path={[...path, "detection", "timeout"]} label="for at most" seconds hint="3 to 59 seconds; then it counts as a person" />
      </div>
      <Switch label="This step’s answered calls go somewhere else" checked={own} onChange={(e) => set([...path, "connect"], e.currentTarget.checked ? [{ to: "number" }] : undefined)} />
      {own && <Connect path={[...path, "connect"]}>Instead of the cadence’s targets.</Connect>}
      <Words size="xs" c="dimmed">Key <code>{draft.document.steps[at]?.key}</code>: it names the step over all versions, so that leads keep their place.</Words>
    </Stack>
  );
}

/** Which of a lead's numbers is called. */
function Numbers({ path }: { path: Path }) {
  const f = useField<Schemas["Step"]["numbers"]>(path);
  const codes = useQuery(dispositionsQuery).data?.items ?? [];
  const chosen = typeof f.value === "object" ? f.value.next_on : [];
  const kind = typeof f.value === "object" ? "next_on" : (f.value ?? "primary");
  return (
    <fieldset className={classes.card} style={{ margin: 0 }}>
      <legend className={classes.legend}>Numbers of the lead</legend>
      <Group gap="lg">
        {([["primary", "The first"], ["in_order", "In order, one each try"], ["next_on", "The next one after"]] as const).map(([value, label]) => (
          <label key={value} className={classes.radio}><input type="radio" name={pathText(path)} checked={kind === value} onChange={() => f.set(value === "primary" ? undefined : value === "in_order" ? "in_order" : { next_on: ["BUSY"] })} /> {label}</label>
        ))}
      </Group>
      {kind === "next_on" && (
        <Checkbox.Group value={chosen} onChange={(v) => f.set({ next_on: v })} mt={8} aria-label="Outcomes after which the next number is called" error={f.error}>
          <Group gap="md">{codes.filter((c) => !c.flags.includes("final")).map((c) => <Checkbox key={c.code} value={c.code} label={c.label} size="xs" />)}</Group>
        </Checkbox.Group>
      )}
    </fieldset>
  );
}
