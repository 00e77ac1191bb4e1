import { Button, FileButton, Group, NativeSelect, Text as Words } from "@mantine/core";
import { IconFileUpload, IconMicrophone, IconPlayerStop } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { explain } from "../../api/client";
import { mediaQuery, storeMedia } from "../../api/drafting";
import { instant, lengthWords } from "../../lib/time";
import type { Path } from "./document";
import classes from "./Editor.module.css";
import { useField } from "./fields";
import { LONGEST, type Recording, record } from "./record";

/** A stored recording: chosen, brought in as a file, or spoken into the microphone. */
export function Audio({ path, label }: { path: Path; label: string }) {
  const f = useField<string>(path);
  const queries = useQueryClient();
  const stored = useQuery(mediaQuery).data?.items ?? [];
  const [running, setRunning] = useState<Recording>();
  const [since, setSince] = useState(0);
  const alive = useRef<Recording>(undefined);
  const gone = useRef(false);
  const store = useMutation({
    mutationFn: ({ file, name }: { file: Blob; name: string }) => storeMedia(file, name),
    onSuccess: async (m) => {
      await queries.invalidateQueries({ queryKey: ["media"] });
      f.set(m.id);
    },
  });
  const begin = useMutation({
    mutationFn: record,
    onSuccess: (r) => {
      if (gone.current) return void r.stop(); // whoever is asked for the microphone may answer after leaving
      alive.current = r;
      setRunning(r);
      setSince(0);
    },
  });
  const end = async () => {
    alive.current = undefined;
    setRunning(undefined);
    if (running) store.mutate({ file: await running.stop(), name: `Recorded ${instant(new Date().toISOString())}` });
  };
  useEffect(() => {
    if (!running) return;
    const tick = setInterval(() => setSince((n) => n + 1), 1000);
    return () => clearInterval(tick);
  }, [running]);
  useEffect(() => {
    if (running && since >= LONGEST) void end();
  });
  useEffect(() => {
    gone.current = false;
    return () => {
      gone.current = true;
      void alive.current?.stop(); // the microphone is let go when the field goes away
    };
  }, []);

  const options = [{ value: "", label: "None" }, ...stored.map((m) => ({ value: m.id, label: `${m.name || m.hash.slice(0, 10)} · ${lengthWords(Math.round(m.seconds))}${m.damaged ? " · damaged" : ""}` }))];
  if (f.value && !stored.some((m) => m.id === f.value)) options.push({ value: f.value, label: f.value.slice(0, 40) });
  const error = store.error ?? begin.error;
  const failed = error && (error instanceof DOMException ? "The microphone may not be used: allow it for this page, or choose a file." : explain(error).message);
  return (
    <div>
      <NativeSelect label={label} data={options} value={f.value ?? ""} error={f.error} onChange={(e) => f.set(e.currentTarget.value || undefined)} />
      <Group gap="xs" mt={8}>
        <FileButton onChange={(file) => file && store.mutate({ file, name: file.name })} accept="audio/wav,audio/mpeg,.wav,.mp3">
          {(props) => <Button {...props} size="compact-sm" variant="default" disabled={running !== undefined} loading={store.isPending} leftSection={<IconFileUpload size={15} aria-hidden />}>Upload WAV or MP3</Button>}
        </FileButton>
        {running ? (
          <Button size="compact-sm" color="red.9" leftSection={<IconPlayerStop size={15} aria-hidden />} onClick={() => void end()}>Stop and keep ({since} s)</Button>
        ) : (
          <Button size="compact-sm" variant="default" disabled={store.isPending} loading={begin.isPending} leftSection={<IconMicrophone size={15} aria-hidden />} onClick={() => begin.mutate()}>Record</Button>
        )}
        <Words size="xs" c="dimmed">½ s to 3 min</Words>
      </Group>
      {failed && <Words size="sm" c="var(--app-bad)" role="alert" mt={6}>{failed}</Words>}
      {f.value?.startsWith("media:sha256-") && <audio className={classes.audio} controls preload="none" src={`/v1/media/${f.value.slice("media:sha256-".length)}/audio`} aria-label={`Listen: ${label}`} />}
    </div>
  );
}
