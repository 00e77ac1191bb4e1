import { Badge, Button, Title } from "@mantine/core";
import { type ReactNode, Suspense, lazy, useState } from "react";
import type { Explanation, LeadDetail } from "../../api/leads";
import { plural, words } from "../../lib/format";
import classes from "../attempt/Attempt.module.css";
import badge from "../attempts/Attempts.module.css";
import own from "./Lead.module.css";

const NoDialog = lazy(() => import("./NoDialog"));

/** Who the lead is, and what each of its numbers may be used for. */
export function Person({ lead, why }: { lead: LeadDetail; why?: Explanation }) {
  const [about, setAbout] = useState<string>();
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
              <Button size="compact-sm" variant="default" aria-label={`Do-not-call marks of ${n.number}`} onClick={() => setAbout(n.number)}>{x?.dnc ? "Marks" : "Do not call"}</Button>
            </li>
          );
        })}
      </ul>
      {known.length > 0 && (
        <dl className={classes.facts}>
          {known.map(([name, value]) => <Detail key={name} name={words(name)}><bdi>{value}</bdi></Detail>)}
        </dl>
      )}
      <Suspense fallback={null}>{about && <NoDialog number={about} close={() => setAbout(undefined)} />}</Suspense>
    </section>
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
