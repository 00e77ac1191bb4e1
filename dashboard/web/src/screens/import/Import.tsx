import { Anchor, Title } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { type Chosen, type LeadImport, type Order, previewQuery } from "../../api/lists";
import { useMay } from "../../api/me";
import { EmptyState } from "../../components/States";
import { useTitle } from "../../lib/useTitle";
import { Columns } from "./Columns";
import { DryRun } from "./DryRun";
import { FileStep } from "./FileStep";
import classes from "./Import.module.css";
import { Progress } from "./Progress";
import { listName } from "./fields";

const names = ["File", "Columns", "Dry run", "Import"] as const;

const fresh: Order = { mapping: {}, region: "US", name: "", source: "", duplicate: "update" };

/** Brings a file of leads in: choose it, say what its columns are, see what would happen, import. */
export default function Import() {
  useTitle("Import leads");
  const may = useMay();
  const [chosen, choose] = useState<Chosen>();
  const [order, setOrder] = useState<Order>(fresh);
  const [step, setStep] = useState(0);
  const [done, setDone] = useState<LeadImport>();
  const { mapping, region, cadence } = order;
  const preview = useQuery({ ...previewQuery(chosen, { mapping, region, cadence }), placeholderData: keepPreviousData });
  const set = (next: Partial<Order>) => setOrder((old) => ({ ...old, ...next }));
  const take = (file: File) => {
    choose({ file, key: crypto.randomUUID() });
    set({ mapping: {}, name: listName(file.name) });
    setStep(1);
  };
  const again = () => {
    choose(undefined);
    setOrder(fresh);
    setDone(undefined);
    setStep(0);
  };
  const parts = { chosen, order, set, preview, go: setStep };
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
        {names.map((name, i) => <li key={name} aria-current={i === step ? "step" : undefined}>{i + 1}. {name}</li>)}
      </ol>
      <section className={`card ${classes.body}`} aria-label={names[step]}>
        {step === 0 && <FileStep take={take} />}
        {step === 1 && chosen && <Columns {...parts} chosen={chosen} />}
        {step === 2 && chosen && <DryRun {...parts} chosen={chosen} sent={(i) => { setDone(i); setStep(3); }} />}
        {step === 3 && done && <Progress begun={done} rows={preview.data?.rows ?? 0} again={again} />}
      </section>
    </>
  );
}
