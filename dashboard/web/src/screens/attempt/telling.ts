import type { AttemptDetail, AttemptLog } from "../../api/attempts";
import { words } from "../../lib/format";
import { lengthWords } from "../../lib/time";
import { stateNames } from "../attempts/search";

type Logged = AttemptLog["items"][number];

/** One thing that happened, in words. */
export interface Moment {
  at: string;
  title: string;
  detail: string;
  tone?: "good" | "warn" | "bad";
}

/** Who or what answered, in words. */
const answerers: Record<string, string> = {
  human: "a person",
  machine_start: "a machine, before its greeting ended",
  machine_end_beep: "a machine, beep heard",
  machine_end_silence: "a machine, silence after its greeting",
  machine_end_other: "a machine",
  fax: "a fax",
  unknown: "nobody could tell",
};

export const answeredBy = (code: string): string => answerers[code] ?? words(code);

const scripts: Record<string, string> = {
  connect: "It was told to connect the person",
  message: "It was told to play the message",
  voicemail: "It was told to leave a voicemail",
  hangup: "It was told to hang up",
};

const how: Record<string, string> = { response: "in its answer", webhook: "by a callback of its own", listing: "in its list of calls" };

/** What the facts of a call's log tell, one after another. */
export const moments = (facts: readonly Logged[]): Moment[] => facts.map(moment).filter((m) => m !== null);

/** What happened to a call, oldest first: from the log, and where that is not whole, from what the attempt itself keeps. */
export function story(a: AttemptDetail, log: AttemptLog | undefined): Moment[] {
  const told = moments(log?.items ?? []);
  const out = log?.complete ? told : [...kept(a), ...told.slice(1)];
  for (const [i, d] of a.dispositions.entries()) {
    if (i === 0 && log?.complete && d.by === "system") continue; // its end says so
    out.push({ at: d.at, title: `${i === 0 ? "Disposition" : "Corrected to"} ${words(d.code)}`, detail: [givenBy(d.by), d.note].filter(Boolean).join(": ") });
  }
  return out.sort((x, y) => x.at.localeCompare(y.at));
}

const givenBy = (by: string): string => ({ system: "by the engine", digits: "by a key that was pressed", api: "by an agent or program" })[by] ?? "";

/** The instants that are kept for good. */
function kept(a: AttemptDetail): Moment[] {
  const out: Moment[] = [{ at: a.intent_at, title: "The call was allowed and made durable", detail: `Step ${a.step}, caller ID ${a.from}` }];
  if (a.placed_at) out.push({ at: a.placed_at, title: "The carrier took the call", detail: a.call_id });
  if (a.answered_at) out.push({ at: a.answered_at, title: "Answered", detail: a.answered_by ? `By ${answeredBy(a.answered_by)}` : "", tone: "good" });
  if (a.ended_at) out.push({ at: a.ended_at, title: stateNames[a.state], detail: a.disposition ? words(a.disposition) : "" });
  return out;
}

const text = (e: Logged, key: string): string => String(e.detail[key] ?? "");
const seconds = (e: Logged, key: string): string => (Number(e.detail[key] ?? 0) > 0 ? lengthWords(Number(e.detail[key])) : "");
const join = (...parts: string[]): string => parts.filter(Boolean).join(" · ");

/** How it ended and why, once where both are one word. */
function outcome(e: Logged): string {
  const [how, why] = [words(text(e, "disposition")), text(e, "reason")];
  return join(how, words(why) === how ? "" : why);
}

/** One fact in words; null for what only the raw log shows. */
function moment(e: Logged): Moment | null {
  const m = (title: string, detail = "", tone?: Moment["tone"]): Moment => ({ at: e.at, title, detail, tone });
  switch (e.kind) {
    case "intent":
      return m("The call was allowed and made durable", join(`Step ${text(e, "step")}`, `caller ID ${text(e, "from")}`, seconds(e, "ring_seconds") && `rings ${seconds(e, "ring_seconds")} at most`));
    case "placed":
      return m("The carrier took the call", join(text(e, "call_id"), how[text(e, "how")] ? `told ${how[text(e, "how")]}` : ""));
    case "call":
      return reported(e);
    case "script":
      return m(scripts[text(e, "script")] ?? `It was told: ${text(e, "script")}`, seconds(e, "seconds") && `${seconds(e, "seconds")} long`);
    case "unclear":
      return m("Nobody knows whether there is a call", join(text(e, "reason"), "it is searched for and never sent again"), "warn");
    case "owed":
      return m(text(e, "effect") === "redirect" ? "The call is to get its voicemail" : `The carrier is to ${text(e, "effect") === "cancel" ? "cancel it" : "hang up"}`, text(e, "reason"));
    case "done":
      return m("The carrier has done so");
    case "disposition":
      return m(`Disposition ${words(text(e, "disposition"))} posted during the call`, join(givenBy(text(e, "by")), text(e, "note")));
    case "returned":
      return m("Taken back: certainly no call was made", text(e, "reason"));
    case "ended":
      return m(stateNames[text(e, "state") as keyof typeof stateNames] ?? "Ended", outcome(e), text(e, "result") === "answered" ? "good" : text(e, "state") === "rejected" ? "bad" : undefined);
    default:
      return null; // deadlines
  }
}

/** What the carrier reported, by the most telling thing in it. */
function reported(e: Logged): Moment | null {
  const d = e.detail;
  const title =
    d.leg_status !== undefined ? `The connected leg: ${text(e, "leg_status")}`
    : d.played_at !== undefined ? "The voicemail was played to its end"
    : d.answered_at !== undefined || d.status === "in-progress" ? "Answered"
    : d.digits !== undefined ? `Pressed ${text(e, "digits")}`
    : d.answered_by !== undefined ? `Detected: ${answeredBy(text(e, "answered_by"))}`
    : d.status !== undefined ? `Carrier: ${text(e, "status")}`
    : d.price !== undefined ? "The carrier told its price"
    : null;
  if (title === null) return null;
  const detail = join(
    d.answered_by !== undefined && title === "Answered" ? `By ${answeredBy(text(e, "answered_by"))}` : "",
    d.sip !== undefined ? `SIP ${text(e, "sip")}` : "", seconds(e, "leg_seconds") && `talked ${seconds(e, "leg_seconds")}`,
    seconds(e, "seconds") && `lasted ${seconds(e, "seconds")}`, d.price !== undefined ? `price ${text(e, "price")}` : "", text(e, "note"),
  );
  return { at: e.at, title, detail, tone: title === "Answered" ? "good" : undefined };
}

/** Why this caller ID was shown, in a sentence. */
export function choice(c: AttemptDetail["caller_id"]): string {
  const pool = `pool “${c.pool}”`;
  switch (c.strategy) {
    case "fixed": return "The step names this number.";
    case "random": return `Drawn by lot from those of the ${pool} that were free.`;
    case "rotating_pool": return `The one of the ${pool} that had rested longest.`;
    case "sticky": return `This lead's own number of the ${pool}: the same each time, unless it rests.`;
    case "local_presence": return `The one of the ${pool} nearest to the called number: same exchange, area code or state.`;
    case "least_used_today": return `The one of the ${pool} with the fewest calls that day.`;
    default: return "The version it ran under no longer names this step, so the strategy is not known.";
  }
}

/** How late the call went out, in words. */
export function lateness(a: Pick<AttemptDetail, "due_at" | "intent_at">): string {
  const late = Math.round((Date.parse(a.intent_at) - Date.parse(a.due_at)) / 1000);
  return late < 1 ? "on time" : `${lengthWords(late)} after it was due`;
}
