import { Anchor, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { dncImportQuery, importList } from "../../api/compliance";
import type { Schemas } from "../../api/client";
import { Dialog } from "../../components/Dialog";
import { Notice } from "../../components/Notice";
import { count } from "../../lib/format";
import { refused } from "../../lib/notify";
import { today } from "./listing";

/** How often (ms) the progress of an import is asked for. */
const PROGRESS = 1_000;

/** Brings in an edition of a list, and shows how far it is. */
export function ImportList({ close, names }: { close: () => void; names: readonly string[] }) {
  const queries = useQueryClient();
  const [list, setList] = useState(names[0] ?? "national");
  const [asOf, setAsOf] = useState(today());
  const [file, setFile] = useState<File>();
  const send = useMutation({
    mutationFn: (f: File) => importList(list, asOf, f),
    onError: (e) => refused("The list was not taken", e),
    onSettled: () => queries.invalidateQueries({ queryKey: ["dnc"] }),
  });
  const id = send.data?.import.id;
  const { data } = useQuery({ ...dncImportQuery(id ?? ""), enabled: id !== undefined, refetchInterval: (q) => (q.state.data?.import.state === "running" ? PROGRESS : false) });
  const progress = data?.import ?? send.data?.import;
  return (
    <Dialog onClose={close} title="Import an edition of a list" centered>
      {progress ? <Progress i={progress} close={close} /> : (
        <form onSubmit={(e) => { e.preventDefault(); if (file) send.mutate(file); }}>
          <Stack gap="sm">
            <TextInput label="List" description="Its name: small letters, digits and _. A new name makes a list." required pattern="[a-z][a-z0-9_]{0,63}" list="list-names" value={list} data-autofocus onChange={(e) => setList(e.currentTarget.value)} />
            <datalist id="list-names">{names.map((n) => <option key={n} value={n} />)}</datalist>
            <TextInput label="As of" description="The day that the list says it is from (UTC)" type="date" required value={asOf} max={today()} onChange={(e) => setAsOf(e.currentTarget.value)} />
            <TextInput label="File" description="One number a line, or CSV with a column of numbers; numbers without a country are of the United States" type="file" accept=".csv,.txt,text/csv,text/plain" required onChange={(e) => setFile(e.currentTarget.files?.[0])} />
            <Text size="sm" c="dimmed">Each number is on the list as soon as its line is taken. Numbers that the new edition lacks leave the list once it is whole and agrees with the file.</Text>
            <Group justify="flex-end"><Button variant="default" onClick={close}>Cancel</Button><Button type="submit" loading={send.isPending} disabled={!file}>Import</Button></Group>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}

function Progress({ i, close }: { i: Schemas["DNCImportAnswer"]["import"]; close: () => void }) {
  const title = { running: "Coming in", done: "In force", failed: "Failed: the edition before stays in force" }[i.state];
  return (
    <Stack gap="sm">
      <Notice tone={i.state === "done" ? "good" : i.state === "failed" ? "bad" : "warn"} role="status" title={title}>
        {count(i.rows)} lines taken: {count(i.listed)} numbers listed, {count(i.duplicates)} twice, {count(i.rejected)} no numbers.{i.message && ` ${i.message}`}
      </Notice>
      {i.rejected > 0 && <Anchor href={i.errors_url} target="_blank">The lines that are no numbers</Anchor>}
      {i.state === "running" && <Text size="sm" c="dimmed">It goes on when this is closed.</Text>}
      <Group justify="flex-end"><Button onClick={close} data-autofocus>Close</Button></Group>
    </Stack>
  );
}
