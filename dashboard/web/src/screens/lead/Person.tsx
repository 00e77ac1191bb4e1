import { ActionIcon, Badge, Button, Group, Menu, Title } from "@mantine/core";
import { IconDots, IconFileText, IconUserX } from "@tabler/icons-react";
import { type ReactNode, Suspense, lazy, useState } from "react";
import { dossierUrl } from "../../api/consents";
import type { Explanation, LeadDetail } from "../../api/leads";
import { useMay } from "../../api/me";
import { plural, words } from "../../lib/format";
import classes from "../attempt/Attempt.module.css";
import badge from "../attempts/Attempts.module.css";
import own from "./Lead.module.css";

const NoDialog = lazy(() => import("./NoDialog"));
const EraseDialog = lazy(() => import("./EraseDialog"));

/** Who the lead is, and what each of its numbers may be used for. */
export function Person({ lead, why }: { lead: LeadDetail; why?: Explanation }) {
  const may = useMay();
  const [about, setAbout] = useState<string>();
  const [erasing, setErasing] = useState(false);
  const facts: [string, string][] = [
    ["E-mail", lead.email], ["Owner", lead.owner], ["Zone", lead.zone], ["State", lead.state], ["Postal code", lead.postal_code], ["Country", lead.country], ...Object.entries(lead.fields),
  ];
  const known = facts.filter(([, v]) => v !== "");
  return (
    <section className={`card ${classes.part}`} aria-labelledby="person">
      <Title order={2} id="person" mb="xs">Numbers and details</Title>
      <ul className={own.numbers}>
        {lead.numbers.map((n) => {
          const x = why?.numbers.find((y) => y.number === n.number);
          return (
            <li key={n.number}>
              <div>
                <span className="num">{n.number}</span>{n.type ? <small> {n.type}</small> : null}
                <small className={own.about}>
                  {[x?.zones.join(", "), x && `${plural(x.attempts_24h, "call")} in 24 h`].filter(Boolean).join(" · ")}
                </small>
              </div>
              {x?.dnc && <Badge variant="default" className={badge.badge} data-tone="bad">Do not call</Badge>}
              {x?.retired && <Badge variant="default" className={badge.badge} data-tone="warn">Retired</Badge>}
              <Group gap={4} wrap="nowrap">
                {may("dnc.read") && <Button size="compact-sm" variant="default" aria-label={`Do-not-call marks of ${n.number}`} onClick={() => setAbout(n.number)}>{x?.dnc ? "Marks" : "Do not call"}</Button>}
                {may("attempts.read") && <Dossier number={n.number} />}
              </Group>
            </li>
          );
        })}
      </ul>
      {known.length > 0 && (
        <dl className={classes.facts}>
          {known.map(([name, value]) => <Detail key={name} name={words(name)}><bdi>{value}</bdi></Detail>)}
        </dl>
      )}
      {may("leads.manage") && (
        <Group justify="flex-end" mt="sm">
          <Button size="compact-sm" variant="default" leftSection={<IconUserX size={15} aria-hidden />} onClick={() => setErasing(true)}>Erase this person…</Button>
        </Group>
      )}
      <Suspense fallback={null}>
        {about && <NoDialog number={about} close={() => setAbout(undefined)} />}
        {erasing && <EraseDialog lead={lead} close={() => setErasing(false)} />}
      </Suspense>
    </section>
  );
}

/** Everything that is known of the calls to a number, to be handed on or kept. */
function Dossier({ number }: { number: string }) {
  const file = `dossier-${number.slice(1)}`;
  return (
    <Menu>
      <Menu.Target><ActionIcon variant="subtle" color="gray" size={30} style={{ color: "var(--mantine-color-dimmed)" }} aria-label={`More about ${number}`}><IconDots size={17} aria-hidden /></ActionIcon></Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Every call, permit and mark of the number</Menu.Label>
        <Menu.Item component="a" href={dossierUrl(number, "html")} download={`${file}.html`} leftSection={<IconFileText size={16} aria-hidden />}>Download the dossier</Menu.Item>
        <Menu.Item component="a" href={dossierUrl(number, "json")} download={`${file}.json`} leftSection={<IconFileText size={16} aria-hidden />}>Download it as JSON</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function Detail({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
