import { Anchor, Button, FileButton, Group, Stack, Text, Textarea } from "@mantine/core";
import { IconFileUpload } from "@tabler/icons-react";
import { type DragEvent, useRef, useState } from "react";
import { explain } from "../../api/client";
import { Dialog } from "../../components/Dialog";
import { Notice } from "../../components/Notice";
import { plural } from "../../lib/format";
import { DocumentView } from "../cadence/DocumentView";
import { ProblemList } from "../cadence/ProblemList";
import { Imported } from "./Imported";
import example from "./example.json?raw";
import classes from "./ImportDialog.module.css";
import { useImport } from "./useImport";

/** Largest file (bytes) that is read into the page; a cadence of a hundred steps has some 100 KB. */
const LARGEST = 4 << 20;

/** Brings a document in: from a file, from a drop, or typed. Problems are listed with their lines. */
export default function ImportDialog({ close }: { close: () => void }) {
  const { check, add } = useImport();
  const [text, setText] = useState("");
  const [unreadable, setUnreadable] = useState("");
  const area = useRef<HTMLTextAreaElement>(null);

  const change = (next: string) => {
    setText(next);
    setUnreadable("");
    check.reset();
    add.reset();
  };
  const read = async (file: File | null | undefined) => {
    if (!file) return;
    if (file.size > LARGEST) return setUnreadable(`${file.name} is larger than 4 MB. A cadence document is much smaller; is it the right file?`);
    change(await file.text());
  };
  const drop = (e: DragEvent) => {
    e.preventDefault();
    void read(e.dataTransfer.files[0]);
  };
  const goTo = (line: number) => {
    const before = text.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    const end = text.indexOf("\n", before);
    area.current?.focus();
    area.current?.setSelectionRange(before, end < 0 ? text.length : end);
  };

  if (add.data) {
    return (
      <Dialog key="imported" onClose={close} title="Imported" size="lg" centered>
        <Imported answer={add.data} close={close} />
      </Dialog>
    );
  }
  const busy = check.isPending || add.isPending;
  return (
    <Dialog onClose={close} title="Import a cadence" size="xl" centered>
      <div onDragOver={(e) => e.preventDefault()} onDrop={drop}>
        <Group gap="sm" mb="xs">
          <FileButton onChange={(f) => void read(f)} accept="application/json,.json">
            {(props) => <Button {...props} variant="default" leftSection={<IconFileUpload size={16} aria-hidden />}>Choose a file</Button>}
          </FileButton>
          <Text size="sm" c="dimmed">
            or drop one here, or paste its text. <Anchor component="button" type="button" fz="inherit" td="underline" onClick={() => change(example)}>Use the five-step example</Anchor>
          </Text>
        </Group>
        <Textarea
          ref={area} aria-label="Document" value={text} onChange={(e) => change(e.currentTarget.value)} rows={14} resize="vertical" spellCheck={false}
          placeholder='{ "format": "carillon.cadence/v1", … }' error={unreadable || undefined}
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: "0.8rem", lineHeight: 1.5, whiteSpace: "pre" } }}
        />
      </div>
      <Report add={add.error} check={check} text={text} goTo={goTo} />
      <Group justify="flex-end" mt="md">
        <Button variant="default" disabled={text.trim() === "" || busy} loading={check.isPending} onClick={() => check.mutate(text)}>Preview</Button>
        <Button disabled={text.trim() === "" || busy} loading={add.isPending} onClick={() => add.mutate(text)}>Import as draft</Button>
      </Group>
    </Dialog>
  );
}

interface ReportProps {
  add: unknown;
  check: ReturnType<typeof useImport>["check"];
  text: string;
  goTo: (line: number) => void;
}

/** What the server found, worst first. */
function Report({ add, check, text, goTo }: ReportProps) {
  const error = add ?? check.error;
  if (error) {
    const e = explain(error);
    return (
      <Notice tone="bad" mt="md" role="alert" title="Nothing was stored">
        {e.message}
        <ProblemList problems={e.details} text={text} goTo={goTo} />
      </Notice>
    );
  }
  if (!check.data) return null;
  return (
    <Stack mt="md" gap="md">
      {check.data.items.map((one, i) => {
        const errors = one.problems.filter((p) => p.severity === "error").length;
        const title = `“${one.name}”: ${one.publishable ? "it can be published as it is" : `${plural(errors, "error")} to mend before it can be published`}`;
        return (
          <div key={i}>
            <Notice tone={one.publishable ? "good" : "warn"} role="status" title={title}>
              {one.renamed_from && <Text size="sm">The name “{one.renamed_from}” is in use.</Text>}
              {one.problems.length === 0 ? "No problem was found. Nothing is stored yet." : <ProblemList problems={one.problems} text={text} goTo={goTo} />}
            </Notice>
            <details className={classes.preview}><summary>Look at {plural(one.steps, "step")} of it</summary><DocumentView document={one.document} /></details>
          </div>
        );
      })}
    </Stack>
  );
}
