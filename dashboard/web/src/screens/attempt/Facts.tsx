import { Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { AttemptDetail } from "../../api/attempts";
import { words } from "../../lib/format";
import { lengthWords, wall } from "../../lib/time";
import { nameOf } from "../attempts/AttemptTable";
import classes from "./Attempt.module.css";
import { answeredBy, choice, lateness } from "./telling";

const detections = { off: "Not used", detect: "At the answer", detect_message_end: "To the end of the greeting, for a message after the beep" };
const cuts: Record<string, string> = { far_end: "cut off at the far end", time_limit: "cut by the time limit", by_us: "cut by us", not_played: "not played: its audio could not be had" };

/** What the call was: who, from where, for how much, and how the caller ID was chosen. */
export function Facts({ attempt: a }: { attempt: AttemptDetail }) {
  return (
    <section className={`card ${classes.part}`} aria-labelledby="facts">
      <Title order={2} id="facts" mb="xs">The call</Title>
      <dl className={classes.facts}>
        <Fact name="Lead"><Link to="/leads/$id" params={{ id: a.lead }} className="link"><bdi>{nameOf(a)}</bdi></Link></Fact>
        <Fact name="Cadence"><Link to="/cadences/$id" params={{ id: a.cadence }} className="link">{a.cadence_name || "deleted"}</Link>, version {a.version}</Fact>
        <Fact name="Called number">{a.to || "erased with the person"}</Fact>
        <Fact name="Their time">{wall(a.local_time)}{a.zone ? `, ${a.zone}` : ""}</Fact>
        <Fact name="Caller ID">{a.caller_id.number}<small>{choice(a.caller_id)}</small></Fact>
        <Fact name="Went out">{lateness(a)}</Fact>
        <Fact name="Answered by">{a.answered_by ? words(answeredBy(a.answered_by)) : "–"}<small>Machine detection: {detections[a.detection].toLowerCase()}</small></Fact>
        {a.voicemail && <Fact name="Voicemail">{a.voicemail.seconds} s played{a.voicemail.beep ? ", after the beep" : ", no beep was heard"}{a.voicemail.cut && `, ${cuts[a.voicemail.cut] ?? a.voicemail.cut}`}</Fact>}
        {(a.put_through.after !== null || a.put_through.message) && <Fact name="Put through">{putThrough(a.put_through)}{a.put_through.late && <small>By the law an abandoned call: somebody has to answer within {a.put_through.within} s</small>}</Fact>}
        <Fact name="Talked">{a.talk_seconds > 0 ? lengthWords(a.talk_seconds) : "–"}</Fact>
        <Fact name="Cost">{a.cost.amount || "–"}{a.cost.reckoned && a.cost.amount && <small>Reckoned while the call is open</small>}</Fact>
        <Fact name="Carrier's id"><code>{a.call_id || "none"}</code></Fact>
      </dl>
    </section>
  );
}

/** How long the person waited for somebody. */
const putThrough = (p: AttemptDetail["put_through"]): string => (p.message ? "To a message, nobody answered" : `After ${p.after?.toFixed(1)} s`);

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
