import { Anchor, Title } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { type Chosen, type Order, previewQuery, sendLeads } from "../../api/lists";
import { useMay } from "../../api/me";
import { EmptyState } from "../../components/States";
import { useTitle } from "../../lib/useTitle";
import { Columns } from "./Columns";
import { DryRun } from "./DryRun";
import { FileStep } from "./FileStep";
import classes from "./Import.module.css";
import { Progress } from "./Progress";
import { listName } from "./fields";
import { type ImportSearch, type Step, steps } from "./search";

const route = getRouteApi("/lists/import");

const names: Record<Step, string> = { file: "File", columns: "Columns", "dry-run": "Dry run", import: "Import" };

const fresh: Order = { mapping: {}, region: "US", name: "", source: "", duplicate: "update" };

/**
 * Brings a file of leads in: choose it, say what its columns are, see what would happen, import. Each step is an address,
 * so that Back leads to the step before with everything that was chosen. What was chosen lives as long as the page.
 */
export default function Import() {
  useTitle("Import leads");
  const may = useMay();
  const [chosen, choose] = useState<Chosen>();
  const [order, setOrder] = useState<Order>(fresh);
  const send = useMutation({ mutationFn: (file: File) => sendLeads(file, order) });
  const { step: asked = "file" } = route.useSearch();
  // A file that is sent, or was, is looked at wherever Back leads; without a file there is nothing after the first step.
  const step: Step = send.data ? "import" : send.isPending ? "dry-run" : chosen ? asked : "file";
  const navigate = route.useNavigate();
  const go = (step: ImportSearch["step"]) => {
    send.reset();
    void navigate({ search: { step } });
  };
  const { mapping, region, cadence } = order;
  const preview = useQuery({ ...previewQuery(chosen, { mapping, region, cadence }), placeholderData: keepPreviousData });
  const set = (next: Partial<Order>) => setOrder((old) => ({ ...old, ...next }));
  const take = (file: File) => {
    choose({ file, key: crypto.randomUUID() });
    set({ mapping: {}, name: listName(file.name) });
    go("columns");
  };
  const again = () => {
    choose(undefined);
    setOrder(fresh);
    go(undefined);
  };
  const parts = { chosen, order, set, preview, go };
  if (!may("leads.import"))
    return (
      <section className="card">
        <EmptyState icon={IconLock} title="You may not import leads" order={1}>Importing takes the grant leads.import. Whoever manages users can change what you may do.</EmptyState>
      </section>
    );
  return (
    <>
      <Anchor component={Link} to="/lists" size="sm">Lists</Anchor>
      <Title order={1} mb="sm">Import leads</Title>
      <ol className={classes.steps} aria-label="Steps">
        {steps.map((s, i) => <li key={s} aria-current={s === step ? "step" : undefined}>{i + 1}. {names[s]}</li>)}
      </ol>
      <section className={`card ${classes.body}`} aria-label={names[step]}>
        {step === "file" && <FileStep take={take} chosen={chosen?.file.name} back={() => go("columns")} />}
        {step === "columns" && chosen && <Columns {...parts} chosen={chosen} />}
        {step === "dry-run" && chosen && <DryRun {...parts} chosen={chosen} send={send} />}
        {step === "import" && send.data && <Progress begun={send.data} rows={preview.data?.rows ?? 0} again={again} />}
      </section>
    </>
  );
}
