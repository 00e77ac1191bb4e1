import { Anchor, Badge, Button, Group, Skeleton, Text as Words, Title, VisuallyHidden } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconHistory, IconLock, IconTemplate, IconUpload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { Suspense, lazy, useEffect, useRef } from "react";
import type { CadenceDetail } from "../../api/client";
import { useMay } from "../../api/me";
import { cadenceQuery } from "../../api/queries";
import { Breadcrumb } from "../../components/Breadcrumb";
import { Notice } from "../../components/Notice";
import { EmptyState, ErrorState } from "../../components/States";
import { StatusBadge } from "../../components/StatusBadge";
import { plural } from "../../lib/format";
import { useTitle } from "../../lib/useTitle";
import { ActiveSwitch } from "../cadences/ActiveSwitch";
import { CallMe } from "./CallMe";
import { Caps } from "./Caps";
import { Checks } from "./Checks";
import { Connect } from "./Connect";
import classes from "./Editor.module.css";
import { DraftProvider } from "./fields";
import { FlowView } from "./FlowView";
import { HistoryDialog } from "./HistoryDialog";
import { LeaveQuestion } from "./LeaveQuestion";
import { Preview } from "./Preview";
import { type Tab, partOf, sectionNames, within } from "./problems";
import { PublishDialog } from "./PublishDialog";
import { Routes } from "./Routes";
import { Details, Hours, Runs } from "./Sections";
import { StepForm } from "./StepForm";
import { StepList } from "./StepList";
import { SavingBadge, Trouble } from "./Trouble";
import { useDraft } from "./useDraft";

const SaveTemplate = lazy(() => import("../templates/SaveTemplate"));
const route = getRouteApi("/cadences/$id/edit");

const sections = [
  { key: "details", paths: ["name", "description", "campaign", "purpose", "voice", "consent", "seller", "audience"] },
  { key: "hours", paths: ["time_restrictions"] },
  { key: "caps", paths: ["caps"] },
  { key: "answer", paths: ["connect"] },
  { key: "runs", paths: ["runs", "re_entry", "exit_when"] },
  { key: "routes", paths: ["routes"] },
  { key: "flow", paths: [] },
] as const;

/** Where a cadence is made: its parts at the left, one of them in the middle, checks and preview at the right. */
export default function Editor() {
  const { id } = route.useParams();
  const { data, error, refetch } = useQuery(cadenceQuery(id));
  useTitle(data ? `Edit ${data.name}` : "Edit");
  const may = useMay();
  return (
    <>
      <Breadcrumb>
        <Anchor component={Link} to="/cadences" fz="inherit">Cadences</Anchor> <span aria-hidden>/</span> <Anchor renderRoot={(p) => <Link to="/cadences/$id" params={{ id }} {...p} />} fz="inherit">{data?.name ?? "Cadence"}</Anchor>
      </Breadcrumb>
      {!may("cadences.manage") ? <NotYours id={id} /> : data ? (data.status === "archived" ? <Notice tone="warn" title="It is archived">An archived cadence cannot be edited. Duplicate it from the list to go on with it.</Notice> : <Loaded key={id} cadence={data} />)
        : error ? <ErrorState what="this cadence" order={1} error={error} retry={() => void refetch()} />
        : <div aria-busy="true"><VisuallyHidden><h1>Loading the editor</h1></VisuallyHidden><Skeleton h={36} mb="md" /><Skeleton h={420} /></div>}
    </>
  );
}

/** The editor is for those who may change cadences; everybody else is shown the way to what they may see. */
function NotYours({ id }: { id: string }) {
  return (
    <section className="card">
      <EmptyState icon={IconLock} title="You may not edit cadences" order={1} action={<Button renderRoot={(p) => <Link to="/cadences/$id" params={{ id }} {...p} />}>Look at the cadence</Button>}>
        Editing takes the grant cadences.manage. Whoever manages users can change what you may do.
      </EmptyState>
    </section>
  );
}

function Loaded({ cadence: c }: { cadence: CadenceDetail }) {
  const drafting = useDraft(c);
  const { draft, load } = drafting;
  const [publishing, publish] = useDisclosure();
  const [looking, history] = useDisclosure();
  const [keeping, template] = useDisclosure();
  const { at = "details", tab = "basic" } = route.useSearch();
  const go = route.useNavigate();
  const middle = useRef<HTMLElement>(null);
  const show = (next: string, t?: Tab) => {
    void go({ search: { at: next, tab: t }, replace: true, resetScroll: false });
    // Where the parts stand below each other, the chosen one would be out of sight.
    if (next !== at && window.matchMedia("(max-width: 52em)").matches) middle.current?.scrollIntoView();
  };
  const left = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const [box, one] = [left.current, left.current?.querySelector<HTMLElement>("[data-chosen]")];
    if (!box || !one) return;
    const [from, to] = [one.offsetTop, one.offsetTop + one.offsetHeight];
    if (from < box.scrollTop || to > box.scrollTop + box.clientHeight) box.scrollTop = from - box.clientHeight / 2;
  }, [at]);
  const step = draft.document.steps.findIndex((s) => s.key === at);
  const errors = draft.problems.some((p) => p.severity === "error");

  // Shows the field of a problem, once the part that holds it is drawn.
  const wanted = useRef<string>(undefined);
  const goTo = (path: string) => {
    const part = partOf(path);
    wanted.current = path;
    if ("step" in part) show(draft.document.steps[part.step]?.key ?? "details", part.tab);
    else show(part.section);
  };
  useEffect(() => {
    const path = wanted.current;
    if (path === undefined) return;
    wanted.current = undefined;
    const fields = [...(middle.current?.querySelectorAll<HTMLElement>("[data-path]") ?? [])];
    const best = fields.filter((f) => within(path, f.dataset.path ?? "")).sort((a, b) => (b.dataset.path?.length ?? 0) - (a.dataset.path?.length ?? 0))[0];
    const field = best?.matches("input,select,textarea") ? best : (best?.querySelector<HTMLElement>("input,select,textarea,button") ?? middle.current);
    field?.focus();
  });

  return (
    <DraftProvider value={drafting}>
      <div className={classes.bar}>
        <Group gap="sm" style={{ minWidth: 0, flex: "1 1 300px" }}>
          <Title order={1} style={{ overflowWrap: "anywhere" }}>{draft.document.name || "Without a name"}</Title>
          <StatusBadge cadence={c} />
          <Words size="sm" c="dimmed">{c.version > 0 ? `version ${c.version}` : "not published yet"}</Words>
          <SavingBadge saving={draft.saving} />
        </Group>
        <Group gap="sm">
          <ActiveSwitch cadence={c} label="Active" />
          <Button variant="default" leftSection={<IconTemplate size={16} aria-hidden />} onClick={template.open}>Save as template</Button>
          <Button variant="default" leftSection={<IconHistory size={16} aria-hidden />} onClick={history.open}>Versions</Button>
          <Button leftSection={<IconUpload size={16} aria-hidden />} disabled={errors || !draft.publishable || draft.saving !== "saved"} onClick={publish.open}>Publish…</Button>
        </Group>
      </div>
      <Trouble id={c.id} />
      <LeaveQuestion saving={draft.saving} />
      <div className={classes.frame}>
        <div className={classes.left} ref={left}>
          <section className={`card ${classes.panel}`} aria-label="Parts of the cadence">
            <ul className={classes.nav}>
              {sections.map((s) => {
                const bad = draft.problems.filter((p) => p.severity === "error" && s.paths.some((path) => within(p.path, path))).length;
                return (
                  <li key={s.key}>
                    <button type="button" aria-current={at === s.key ? "true" : undefined} onClick={() => show(s.key)}>
                      {sectionNames[s.key]}{bad > 0 && <Badge size="sm" circle variant="default" className={classes.bad} role="img" aria-label={plural(bad, "error")}>{bad}</Badge>}
                    </button>
                  </li>
                );
              })}
            </ul>
            <Title order={2} mb={8}>Steps</Title>
            <StepList chosen={step >= 0 ? at : undefined} choose={(key) => show(key)} />
          </section>
        </div>
        <section className={`card ${classes.panel} ${classes.middle}`} ref={middle} tabIndex={-1} aria-labelledby="part">
          {step >= 0 ? (
            <>
              <Title order={2} id="part">Step {step + 1}: {draft.document.steps[step]?.name || at}</Title>
              <StepForm at={step} tab={tab} show={(t) => show(at, t)} />
              <CallMe cadence={c.id} step={at} />
            </>
          ) : <Section at={at} choose={(key) => show(key)} />}
        </section>
        <div className={classes.side}>
          <Checks go={goTo} />
          <Preview now={c.as_of} />
        </div>
      </div>
      {publishing && <PublishDialog cadence={c} revision={draft.revision} close={publish.close} done={load} />}
      {looking && <HistoryDialog cadence={c} close={history.close} done={load} />}
      <Suspense fallback={null}>{keeping && <SaveTemplate document={draft.document} close={template.close} />}</Suspense>
    </DraftProvider>
  );
}

function Section({ at, choose }: { at: string; choose: (key: string) => void }) {
  const s = sections.find((x) => x.key === at) ?? sections[0];
  return (
    <>
      <Title order={2} id="part">{sectionNames[s.key]}</Title>
      {s.key === "details" && <Details />}
      {s.key === "hours" && <Hours />}
      {s.key === "caps" && <Caps />}
      {s.key === "answer" && <Connect path={["connect"]}>Where a call goes when a person answers: the first target, and if it is not reached, the next. A step may have its own.</Connect>}
      {s.key === "runs" && <Runs />}
      {s.key === "routes" && <Routes path={["routes"]} title="Routes of every step">What follows an outcome at any step, unless the step says otherwise.</Routes>}
      {s.key === "flow" && <FlowView choose={choose} />}
    </>
  );
}
