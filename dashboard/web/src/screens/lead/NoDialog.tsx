import { Button, Group, NativeSelect, Skeleton, Text, TextInput, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { dncQuery, useLeadActions } from "../../api/leads";
import { useMay } from "../../api/me";
import { Dialog } from "../../components/Dialog";
import { ErrorState } from "../../components/States";
import { instant } from "../../lib/time";
import own from "./Lead.module.css";

const scopes = [{ value: "all", label: "Everything" }, { value: "call", label: "Calls" }];

/** What was said about calling a number: the marks it carries, a new one, and who said what when. */
export default function NoDialog({ number, close }: { number: string; close: () => void }) {
  const { data, error, refetch } = useQuery(dncQuery(number));
  return (
    <Dialog onClose={close} title={`May ${number} be called?`} centered size="lg">
      {data ? <Marks number={number} marks={data.marks} history={data.history} /> : error ? <ErrorState what="the marks" error={error} retry={() => void refetch()} /> : <Skeleton h={160} />}
    </Dialog>
  );
}

type Said = NonNullable<ReturnType<typeof useQuery<Awaited<ReturnType<NonNullable<ReturnType<typeof dncQuery>["queryFn"]>>>>>["data"]>;

/** The marks of a number, with what the person may do about them. */
export function Marks({ number, marks, history }: { number: string } & Pick<Said, "marks" | "history">) {
  const { mark, unmark } = useLeadActions();
  const may = useMay();
  const [scope, setScope] = useState("all");
  const [reason, setReason] = useState("");
  const off = (of: string) => unmark.mutate({ number, scope: of, reason }, { onSuccess: () => setReason("") });
  return (
    <>
      {marks.length === 0 ? <Text size="sm">No mark stands against it.</Text> : (
        <ul className={own.marks}>
          {marks.map((m) => (
            <li key={m.list + m.scope}>
              <div>
                <Text size="sm" fw={550}>{m.list === "internal" ? `Said no to ${said(m.scope ?? "all")}` : `On the list “${m.list}”`}</Text>
                <Text size="xs" c="dimmed">{instant(m.at)}{m.by && ` · ${m.by}`}{m.reason && ` · ${m.reason}`}</Text>
              </div>
              {m.list === "internal" && may("dnc.remove") && (
                <Button size="compact-sm" variant="default" disabled={reason.trim() === ""} loading={unmark.isPending} onClick={() => off(m.scope ?? "all")}>Take off</Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {(may("dnc.add") || may("dnc.remove")) && <TextInput mt="md" label="Reason" description="Kept with the mark or its removal. Taking one off needs it." maxLength={500} value={reason} onChange={(e) => setReason(e.currentTarget.value)} />}
      {may("dnc.add") && <Group mt="sm" align="flex-end" gap="sm">
        <NativeSelect label="A no to" data={scopes} value={scope} onChange={(e) => setScope(e.currentTarget.value)} />
        <Button color="red.9" loading={mark.isPending} onClick={() => mark.mutate({ number, scope, reason }, { onSuccess: () => setReason("") })}>Do not call any more</Button>
      </Group>}
      <Title order={3} size="h5" mt="lg" mb={4}>What was said</Title>
      {history.length === 0 ? <Text size="sm" c="dimmed">Nothing.</Text> : (
        <ol className={own.said}>
          {history.map((h, i) => (
            <li key={i}><span className="num">{instant(h.at)}</span> {h.on ? "no to" : "taken off:"} {said(h.scope ?? "all")}{h.by && `, by ${h.by}`}{h.reason && `: ${h.reason}`}</li>
          ))}
        </ol>
      )}
    </>
  );
}

export const said = (scope: string): string => (scope === "" || scope === "all" ? "everything" : scope === "call" ? "calls" : scope.replace(":", " "));
