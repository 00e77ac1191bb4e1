import { Badge, Button, Group, Skeleton, Text, Title, Tooltip } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Suspense, lazy, useState } from "react";
import { type Consent, consentsQuery } from "../../api/consents";
import type { LeadDetail } from "../../api/leads";
import { useMay } from "../../api/me";
import { Definition } from "../../components/Definition";
import { ErrorState } from "../../components/States";
import { sentence } from "../../lib/format";
import { date, instant } from "../../lib/time";
import classes from "../attempt/Attempt.module.css";
import badge from "../attempts/Attempts.module.css";
import own from "./Lead.module.css";
import { givenOn, kinds, ordered, scopeWords, statuses } from "./consent";

const RecordConsent = lazy(() => import("./ConsentDialogs").then((m) => ({ default: m.RecordConsent })));
const TakeBack = lazy(() => import("./ConsentDialogs").then((m) => ({ default: m.TakeBack })));

/** What the person agreed to at each number, and what they took back. */
export function Consents({ lead, zone }: { lead: LeadDetail; zone?: string }) {
  const may = useMay()("consent.manage");
  const { data, error, refetch } = useQuery(consentsQuery(lead.id));
  const [open, setOpen] = useState<"record" | "all" | Consent>();
  const close = () => setOpen(undefined);
  const numbers = [...new Set(lead.numbers.map((n) => n.number))];
  return (
    <section className={`card ${classes.part}`} aria-labelledby="consents">
      <Group justify="space-between" mb="xs" gap="xs">
        <Group gap={2}>
          <Title order={2} id="consents">Consents and relationships</Title>
          <Definition of="Consents and relationships">What the person agreed to, and business with them that allows a call. A record belongs to a number: leads that share it share them. Records are added to and never changed.</Definition>
        </Group>
        {may && (
          <Group gap={6}>
            <Button size="compact-sm" variant="default" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => setOpen("record")}>Record one</Button>
            <Button size="compact-sm" variant="default" disabled={!data?.items.some((c) => c.status === "valid")} onClick={() => setOpen("all")}>Take back all…</Button>
          </Group>
        )}
      </Group>
      {!data ? (error ? <ErrorState what="the consents" error={error} retry={() => void refetch()} /> : <Skeleton h={120} />) : (
        <>
          {data.items.length === 0 && data.revocations.length === 0 && <Text size="sm" c="dimmed">None is recorded. Rules that ask for a consent refuse the call until one is.</Text>}
          {numbers.map((n) => {
            const mine = ordered(data.items, n);
            return mine.length > 0 && (
              <div key={n}>
                {numbers.length > 1 && <Title order={3} size="h6" className="num" mt="xs">{n}</Title>}
                <ul className={own.marks} aria-label={`Consents of ${n}`}>{mine.map((c) => <One key={c.id} c={c} zone={zone} takeBack={may && c.status === "valid" ? () => setOpen(c) : undefined} />)}</ul>
              </div>
            );
          })}
          {data.revocations.map((r) => (
            <Text key={r.number + r.at + r.scope} size="sm" mt="xs">
              <span className="num">{instant(r.at, zone)}</span>: all of {scopeWords(r.scope)}{r.seller && <>, to <bdi>{r.seller}</bdi>,</>} taken back at <span className="num">{r.number}</span> by {r.how}
              <Text span size="sm" c="dimmed">{r.by && `, entered by ${r.by}`}{r.reason && <>: <bdi>{r.reason}</bdi></>}</Text>
            </Text>
          ))}
        </>
      )}
      <Suspense fallback={null}>
        {open === "record" && <RecordConsent lead={lead} close={close} />}
        {open && open !== "record" && <TakeBack lead={lead.id} consent={open === "all" ? undefined : open} close={close} />}
      </Suspense>
    </section>
  );
}

function One({ c, zone, takeBack }: { c: Consent; zone?: string; takeBack?: () => void }) {
  const status = statuses[c.status];
  const kind = kinds[c.kind];
  const until = c.revoked_at ? `taken back ${date(c.revoked_at, zone)}` : c.lapses_at ? `${c.status === "lapsed" ? "lapsed" : "until"} ${date(c.lapses_at, zone)}` : "";
  return (
    <li data-consent={c.kind}>
      <div>
        <Group gap={8}>
          <Tooltip label={kind.about}><Text size="sm" fw={550} tabIndex={0}>{kind.label}</Text></Tooltip>
          <Tooltip label={status.about}><Badge variant="default" className={badge.badge} data-tone={status.tone} tabIndex={0}>{status.label}</Badge></Tooltip>
        </Group>
        <Text size="xs" c="dimmed">
          {givenOn(c.given_at, zone)}{until && ` · ${until}`} · for {scopeWords(c.scope)}{c.seller && <> · to <bdi>{c.seller}</bdi></>}{c.source && <> · <bdi>{c.source}</bdi></>}
        </Text>
        <details className={classes.more}>
          <summary>Proof and history</summary>
          <Text size="xs" mt={4} style={{ overflowWrap: "anywhere" }}>{c.proof ? <>Proof: <bdi>{c.proof}</bdi></> : "No proof was entered."}</Text>
          <ol className={own.said}>
            {c.history.map((h, i) => (
              <li key={i}>
                <span className="num">{instant(h.at, zone)}</span>: {{ recorded: "recorded", amended: "amended", revoked: "taken back" }[h.what]}{h.how && ` by ${h.how}`}{h.by && `, entered by ${h.by}`}
                {h.reason && <>. <bdi>{sentence(h.reason)}</bdi></>}{h.what === "amended" && <> <bdi>{[h.source, h.proof].filter(Boolean).join(", ")}</bdi></>}
              </li>
            ))}
          </ol>
        </details>
      </div>
      {takeBack && <Button size="compact-sm" variant="default" aria-label={`Take back: ${kind.label}`} onClick={takeBack}>Take back…</Button>}
    </li>
  );
}
