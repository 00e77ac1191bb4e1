import { Anchor, Button, FileButton, Text, Title } from "@mantine/core";
import { IconFileUpload } from "@tabler/icons-react";
import { type DragEvent, useState } from "react";
import { LARGEST } from "../../api/lists";
import { Notice } from "../../components/Notice";
import classes from "./Import.module.css";

/** Why a file is not taken, empty when it is. */
export function unfit(file: File): string {
  if (file.size === 0) return `${file.name} is empty.`;
  if (file.size > LARGEST) return `${file.name} is larger than 32 MB. Split it, or import it at the command line: carillon import leads takes up to 4 GiB.`;
  if (/\.(xlsx?|ods|numbers|zip|gz|pdf)$/i.test(file.name)) return `${file.name} is not CSV. Export the sheet as CSV (UTF-8) and choose that file.`;
  return "";
}

interface Props {
  take: (file: File) => void;
  /** The name of the file that was chosen before, to which `back` leads again. */
  chosen?: string;
  back: () => void;
}

/** A file, chosen or dropped. */
export function FileStep({ take, chosen, back }: Props) {
  const [why, setWhy] = useState("");
  const [over, setOver] = useState(false);
  const read = (file: File | null | undefined) => {
    if (!file) return;
    const bad = unfit(file);
    setWhy(bad);
    if (!bad) take(file);
  };
  const drop = (e: DragEvent) => {
    e.preventDefault();
    setOver(false);
    read(e.dataTransfer.files[0]);
  };
  return (
    <>
      {why && <Notice tone="bad" role="alert" mb="md" title="This file is not taken">{why}</Notice>}
      <div className={classes.drop} data-over={over || undefined} onDragOver={(e) => { e.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={drop}>
        <IconFileUpload size={38} stroke={1.4} color="var(--mantine-color-dimmed)" aria-hidden />
        <Title order={2} size="h3">Drop a file of leads here</Title>
        <Text c="dimmed" maw={520}>
          CSV as a CRM or a spreadsheet exports it, or JSON lines. Up to 32 MB, which is some 300,000 leads. Nothing is stored before you have
          seen what would happen.
        </Text>
        <FileButton onChange={read} accept=".csv,.tsv,.txt,.jsonl,.ndjson,text/csv,application/x-ndjson">
          {(props) => <Button {...props} leftSection={<IconFileUpload size={16} aria-hidden />}>Choose a file</Button>}
        </FileButton>
        {chosen && <Text size="sm"><bdi>{chosen}</bdi> is chosen. <Anchor component="button" type="button" fz="inherit" onClick={back}>Go on with it</Anchor></Text>}
      </div>
    </>
  );
}
