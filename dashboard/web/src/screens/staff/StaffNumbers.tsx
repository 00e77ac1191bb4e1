import { Badge, Button, Group, Skeleton, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { explain } from "../../api/client";
import { useDeed, useMay } from "../../api/me";
import { type StaffNumber, addStaff, callStaff, confirmStaff, isOver, rehearsalQuery, removeStaff, staffQuery, told } from "../../api/rehearsals";
import { Dialog } from "../../components/Dialog";
import { plural } from "../../lib/format";
import { instant } from "../../lib/time";
import classes from "../editor/Editor.module.css";

/** The telephones of our own people, where somebody needs one at once. */
export function StaffNumbers({ close }: { close: () => void }) {
  return <Dialog onClose={close} title="Staff numbers" size="lg" centered><StaffPanel order={3} /></Dialog>;
}

/** The telephones of our own people: a number counts once a call to it has spoken a code that was repeated here. */
export function StaffPanel({ order = 2 }: { order?: 2 | 3 }) {
  const may = useMay()("staff.manage");
  const list = useQuery(staffQuery);
  return (
    <Stack gap="md">
      <Text size="sm">Steps are tried out on these telephones only. A number is verified by a call that speaks a code, which you enter here; so no stranger is ever called.</Text>
      {list.error ? <Text size="sm" c="var(--app-bad)" role="alert">{explain(list.error).message}</Text> : !list.data ? <Skeleton h={80} /> : list.data.items.length === 0 ? <Text size="sm" c="dimmed">There are none yet.</Text> : (
        <ul className={classes.staff} aria-label="Staff numbers">{list.data.items.map((s) => <Row key={s.number} s={s} may={may} />)}</ul>
      )}
      {may ? <Add order={order} /> : <Text size="sm" c="dimmed">Whoever manages staff numbers can add one.</Text>}
    </Stack>
  );
}

function Row({ s, may }: { s: StaffNumber; may: boolean }) {
  const remove = useDeed("staff", "Number removed", () => removeStaff(s.number), () => `${s.number} is no staff number any more.`);
  return (
    <li>
      <Group justify="space-between" gap="xs">
        <div style={{ minWidth: 0 }}>
          <Text fw={600} size="sm" style={{ overflowWrap: "anywhere" }}>{s.name}</Text>
          <Text size="sm">{s.number} <Text span size="xs" c="dimmed">{plural(s.calls_24h, "call")} of {s.calls_24h_most} in 24 hours</Text></Text>
        </div>
        <Group gap="xs">
          <Badge variant="default">{s.verified ? "Verified" : "Not verified"}</Badge>
          {may && <Button size="compact-sm" variant="default" aria-label={`Remove ${s.number}`} loading={remove.isPending} onClick={() => remove.mutate(undefined)}>Remove</Button>}
        </Group>
      </Group>
      {s.verified ? <Text size="xs" c="dimmed">{s.verified_at && instant(s.verified_at)}, {s.verified_by}</Text> : may && <Verify s={s} />}
    </li>
  );
}

/** The call that speaks the code, and the code. */
function Verify({ s }: { s: StaffNumber }) {
  const queries = useQueryClient();
  const [code, setCode] = useState("");
  const again = () => queries.invalidateQueries({ queryKey: ["staff"] });
  const call = useMutation({ mutationFn: () => callStaff(s.number), onSettled: again });
  const confirm = useMutation({ mutationFn: () => confirmStaff(s.number, code), onSettled: again });
  return (
    <Stack gap={6} mt={6}>
      <Group gap="xs" align="end">
        <Button size="compact-md" variant="default" loading={call.isPending} disabled={s.rehearsal !== null} onClick={() => call.mutate()}>{s.code_until ? "Call again with a new code" : "Call with a code"}</Button>
        {s.code_until && (
          <form className={classes.codeform} onSubmit={(e) => { e.preventDefault(); confirm.mutate(); }}>
            <TextInput size="xs" label="Code the call speaks" inputMode="numeric" autoComplete="one-time-code" required value={code} onChange={(e) => setCode(e.currentTarget.value)} />
            <Button type="submit" size="compact-md" loading={confirm.isPending}>Verify</Button>
          </form>
        )}
      </Group>
      {s.spoken_code && <Text size="xs" c="dimmed">This is the demo, where no telephone rings: the call says {s.spoken_code}.</Text>}
      {(call.error ?? confirm.error) && <Text size="sm" c="var(--app-bad)" role="alert">{explain(confirm.error ?? call.error).message}</Text>}
      {call.data && !call.error && <Progress id={call.data.id} />}
    </Stack>
  );
}

function Progress({ id }: { id: string }) {
  const { data: r } = useQuery(rehearsalQuery(id));
  if (!r) return null;
  const unblock = r.refused?.until ? ` Allowed from ${instant(r.refused.until)}.` : "";
  return <Text size="sm" role="status" c={isOver(r) && !r.answered_at ? "var(--app-warn)" : undefined}>{told(r)}.{unblock}</Text>;
}

function Add({ order }: { order: 2 | 3 }) {
  const [number, setNumber] = useState("");
  const [name, setName] = useState("");
  const add = useDeed("staff", "Number added", () => addStaff(number.trim(), name), (a) => {
    setNumber("");
    setName("");
    return `${a.staff_number.number}: let it be called with a code now.`;
  });
  return (
    <form onSubmit={(e) => { e.preventDefault(); add.mutate(undefined); }}>
      <Title order={order} size="h4" mb={6}>Add a number</Title>
      <div className={classes.pair}>
        <TextInput label="Number" placeholder="+13035550142" required value={number} onChange={(e) => setNumber(e.currentTarget.value)} />
        <TextInput label="Who answers there" required maxLength={100} value={name} onChange={(e) => setName(e.currentTarget.value)} />
      </div>
      <Text size="xs" c="dimmed" my={6}>With this you say that its owner has agreed to be called.</Text>
      <Button type="submit" variant="default" loading={add.isPending}>Add</Button>
    </form>
  );
}
