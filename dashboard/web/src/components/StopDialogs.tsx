import { Button, Group, Text, TextInput } from "@mantine/core";
import { IconHandStop, IconPlayerPlay } from "@tabler/icons-react";
import { useState } from "react";
import type { Schemas } from "../api/client";
import { useStop } from "../api/stop";
import { plural } from "../lib/format";
import { instant } from "../lib/time";
import { useLive } from "../live/useLive";
import { Dialog } from "./Dialog";

/** Asks before everything stops; Enter does it at once. */
export function StopDialog({ close }: { close: () => void }) {
  const { stop } = useStop();
  const [reason, setReason] = useState("");
  const waiting = useLive((l) => (l.frame ? l.frame.calls_in_progress - l.frame.live : undefined));
  const live = useLive((l) => l.frame?.live);
  return (
    <Dialog onClose={close} title="Stop all dialing?" centered>
      <form onSubmit={(e) => { e.preventDefault(); stop.mutate({ reason: reason.trim() }, { onSuccess: close }); }}>
        <Text size="sm">
          No new call goes out from the moment you confirm.{" "}
          {waiting === undefined || live === undefined ? "Waiting and ringing calls are cancelled, live ones go on." : `${plural(waiting, "waiting or ringing call")} will be cancelled; ${plural(live, "live call")} will go on.`}{" "}
          The stop holds, over restarts too, until somebody resumes.
        </Text>
        <TextInput mt="md" label="Reason" description="Everybody sees it with your name, at the top of every page." maxLength={200} value={reason} onChange={(e) => setReason(e.currentTarget.value)} />
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={close}>Cancel</Button>
          <Button type="submit" color="red.9" data-autofocus loading={stop.isPending} leftSection={<IconHandStop size={16} aria-hidden />}>Stop dialing now</Button>
        </Group>
      </form>
    </Dialog>
  );
}

/** Asks before everything goes on: what waited is dialed at once, as fast as the account allows. */
export function ResumeDialog({ dialing, close }: { dialing?: Schemas["Dialing"]; close: () => void }) {
  const { resume } = useStop();
  const ready = useLive((l) => l.frame?.ready);
  return (
    <Dialog onClose={close} title="Resume dialing?" centered>
      {dialing && <Text size="sm">Dialing was {dialing.message || "stopped"}{dialing.since && ` (${instant(dialing.since)})`}.</Text>}
      <Text size="sm" mt="xs">
        {ready === undefined ? "What is due is" : `${plural(ready, "touch", "touches")} that ${ready === 1 ? "is" : "are"} due will be`} dialed at the paced rate, each after a new look at every rule. Cadences that were stopped by name stay stopped.
      </Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={close} data-autofocus>Keep it stopped</Button>
        <Button loading={resume.isPending} leftSection={<IconPlayerPlay size={16} aria-hidden />} onClick={() => resume.mutate({}, { onSuccess: close })}>Resume dialing</Button>
      </Group>
    </Dialog>
  );
}
