import { Badge, Skeleton, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type AbandonShare, abandonQuery } from "../../api/abandon";
import { useMay, useZone } from "../../api/me";
import { Cell, type Column, Row, Rows } from "../../components/Rows";
import { ErrorState } from "../../components/States";
import { brief, count, rate } from "../../lib/format";
import { instant, period } from "../../lib/time";
import badge from "../attempts/Attempts.module.css";
import { Calls } from "../reports/Section";
import classes from "./Compliance.module.css";
import { gauge, shareWords, standing, standings, worstFirst } from "./abandon";

const c = {
  campaign: { name: "Campaign" }, share: { name: "Abandoned", about: "Abandoned ÷ answered by a person, of the calls placed in the rule's period, against the most that the rule allows.", wide: true },
  calls: { name: "Calls" }, today: { name: "Today" }, state: { name: "Standing", about: "Over the limit, the first call that a campaign abandons on a day ends its day, unless compliance.abandon is report." }, rule: { name: "Rule and period", wide: true },
} satisfies Record<string, Column>;

/** The shares of answered calls that campaigns abandon, as the rules in force count them. */
export function AbandonPanel() {
  const may = useMay()("figures.read");
  const { data, error, refetch } = useQuery({ ...abandonQuery, enabled: may });
  const zone = useZone();
  if (!may) return null;
  return (
    <section className={`card ${classes.file}`} aria-labelledby="abandon" style={{ marginBottom: 16 }}>
      <div className={classes.head}>
        <Title order={2} id="abandon">Abandoned calls</Title>
        <Text size="sm" c="dimmed">Somebody answered and nobody could take the call. Counted by the rules in force, campaign by campaign.</Text>
      </div>
      {!data ? (error ? <ErrorState what="the abandoned calls" error={error} retry={() => void refetch()} /> : <Skeleton h={90} m="md" />) : data.items.length === 0 ? (
        <Text size="sm" c="dimmed" px={18} pb={16}>Nothing to count: no rule in force limits abandoned calls, or no campaign has a live answer yet.</Text>
      ) : (
        <Rows of="Abandoned calls by campaign" columns={Object.values(c)} minWidth={900}>{worstFirst(data.items).map((s) => <One key={s.rule + (s.campaign ?? "")} s={s} zone={zone} />)}</Rows>
      )}
    </section>
  );
}

function One({ s, zone }: { s: AbandonShare; zone?: string }) {
  const { label, tone } = standings[standing(s)];
  const calls = { campaign: s.campaign ?? undefined, from: s.since };
  return (
    <Row data-campaign={s.campaign ?? ""}>
      <Cell of={c.campaign} maw={280}><Text size="sm" fw={550} style={{ overflowWrap: "anywhere" }}><bdi>{s.campaign ?? "All campaigns together"}</bdi></Text></Cell>
      <Cell of={c.share} miw={170}>
        <div className={classes.gauge} data-tone={tone} aria-hidden><i style={{ width: `${100 * gauge(s)}%` }} /><b /></div>
        <Text size="xs" className="num">{shareWords(s)}</Text>
        {s.late > 0 && <Text size="xs" c="dimmed" className="num">{rate(s.rate_with_late)} with the {count(s.late)} that were put through late</Text>}
      </Cell>
      <Cell of={c.calls} className="num"><Calls of={{ ...calls, counts: "abandoned" }} n={s.abandoned}>{brief(s.abandoned)}</Calls> of <Calls of={{ ...calls, counts: "answered" }} n={s.answered}>{brief(s.answered)}</Calls>
        {s.late > 0 && <Text size="xs" c="dimmed" mt={3}>{brief(s.late)} more after {s.connect_within} s{s.late_told > 0 && `, ${brief(s.late_told)} of them to a message`}{s.over_with_late && !s.over && ": over the limit if they counted"}</Text>}
      </Cell>
      <Cell of={c.today} className="num">{count(s.abandoned_today)}</Cell>
      <Cell of={c.state}>
        <Badge variant="default" miw="max-content" className={badge.badge} data-tone={tone}>{label}</Badge>
        {s.held_until && <Text size="xs" c="dimmed" mt={3}>Its calls go on {instant(s.held_until, zone)}</Text>}
      </Cell>
      <Cell of={c.rule} maw={400}><Text size="sm">{s.message}</Text><Text size="xs" c="dimmed"><code className={classes.rule}>{s.rule}</code> · {s.until ? period({ from: s.since, to: s.until }, zone) : `since ${instant(s.since, zone)}`}</Text></Cell>
    </Row>
  );
}
