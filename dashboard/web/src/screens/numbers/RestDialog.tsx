import { Button, Group, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useDeed } from "../../api/me";
import { type CallerID, restNumber, wakeNumber } from "../../api/numbers";
import { Dialog } from "../../components/Dialog";
import { instant } from "../../lib/time";

const HOUR = 3_600_000;
const spans = [{ value: "1", label: "An hour" }, { value: "24", label: "A day" }, { value: "168", label: "A week" }, { value: "720", label: "30 days" }, { value: "2160", label: "90 days" }];

interface Props {
  number: CallerID;
  /** The engine's time: a demo's day is not the browser's. */
  now: string;
  zone?: string;
  close: () => void;
}

/** Puts a number to rest: no call is placed from it until then. */
export function RestDialog({ number: n, now, zone, close }: Props) {
  const [hours, setHours] = useState("168");
  const [reason, setReason] = useState("");
  const until = new Date(Date.parse(now) + Number(hours) * HOUR).toISOString();
  const rest = useDeed("numbers", "Number put to rest", () => restNumber(n.number, until, reason.trim()), () => {
    close();
    return `No call is placed from ${n.number} until ${instant(until, zone)}. Calls that are out go on.`;
  });
  return (
    <Dialog onClose={close} title={`Put ${n.number} to rest`} centered>
      <form onSubmit={(e) => { e.preventDefault(); rest.mutate(undefined); }}>
        <Stack gap="sm">
          <NativeSelect label="For" data={spans} value={hours} onChange={(e) => setHours(e.currentTarget.value)} description={`Until ${instant(until, zone)}`} />
          <TextInput label="Reason" description="Kept with the number and in the audit log." required maxLength={500} data-autofocus value={reason} onChange={(e) => setReason(e.currentTarget.value)} />
          {n.rest && <Text size="sm" c="dimmed">It takes the place of the rest until {instant(n.rest.until, zone)}.</Text>}
          <Group justify="flex-end"><Button variant="default" onClick={close}>Cancel</Button><Button type="submit" loading={rest.isPending} disabled={reason.trim() === ""}>Put to rest</Button></Group>
        </Stack>
      </form>
    </Dialog>
  );
}

/** Ends a rest. */
export function WakeDialog({ number: n, close }: Pick<Props, "number" | "close">) {
  const [reason, setReason] = useState("");
  const wake = useDeed("numbers", "Number woken", () => wakeNumber(n.number, reason.trim()), () => {
    close();
    return `${n.number} may be called from again.`;
  });
  return (
    <Dialog onClose={close} title={`Wake ${n.number}?`} centered>
      <form onSubmit={(e) => { e.preventDefault(); wake.mutate(undefined); }}>
        <Stack gap="sm">
          <Text size="sm">{n.rest?.by === "health" ? "It rests for its figures. They are done with then: it is judged anew, by its next calls." : "Calls may be placed from it at once."}</Text>
          <TextInput label="Reason" description="Kept in the audit log." maxLength={500} data-autofocus value={reason} onChange={(e) => setReason(e.currentTarget.value)} />
          <Group justify="flex-end"><Button variant="default" onClick={close}>Let it rest</Button><Button type="submit" loading={wake.isPending}>Wake it</Button></Group>
        </Stack>
      </form>
    </Dialog>
  );
}
