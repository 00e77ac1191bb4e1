import type { Machine } from "../../api/ops";
import { bytes, count, plural, sentence } from "../../lib/format";

export interface Alarm {
  tone: "bad" | "warn";
  title: string;
  /** What to do. */
  text: string;
}

/** What somebody has to look at, the worst first. The rules stand here alone, so that each can be tested. */
export function alarmsOf(m: Machine): Alarm[] {
  const out: Alarm[] = [];
  const bad = (when: boolean, title: string, text: string) => when && out.push({ tone: "bad", title, text });
  const warn = (when: boolean, title: string, text: string) => when && out.push({ tone: "warn", title, text });
  const l = m.ledger;
  bad(!m.dialing.on && !m.dialing.stopped, "Nothing is dialed", sentence(m.dialing.message || m.dialing.reason));
  for (const s of l?.suspicious ?? []) bad(true, "The ledger may not be whole", `${sentence(s)} Look with carillon doctor --data, then --reconcile and --accept.`);
  bad(m.open.stuck > 0, `${plural(m.open.stuck, "call")} stuck`, "Nobody looked at them in time. This is a fault of the program: report it with the server's log.");
  bad(m.quarantined > 0, `${plural(m.quarantined, "message")} set aside`, "They could not be handled. This is a fault of the program: report it with the server's log.");
  bad(l?.low ?? false, "The disk is full", `${bytes(l?.free_bytes ?? 0)} free, ${bytes(l?.min_free_bytes ?? 0)} needed (storage.min_free). Make room; dialing goes on by itself.`);
  bad(m.packs.refused !== "", "The newest rule packs are refused", `Older ones stay in force. ${m.packs.refused}`);
  warn(m.dialing.stopped, "Dialing is stopped", `${sentence(m.dialing.message)} Whoever may resume it does so at the top of the page.`);
  warn(m.open.unknown > 0, `${plural(m.open.unknown, "call")} of unknown fate`, "Their request had no clear answer. They are searched for at the carrier and never sent again; after ten minutes without a trace they count as made.");
  warn(m.pace.rate < 0.995 * m.pace.cps, `The carrier said “too many”: ${m.pace.rate.toFixed(2)} of ${m.pace.cps} calls a second`, "The rate comes back by itself within 20 seconds. If it keeps falling, pacing.cps is higher than the account allows.");
  warn(m.queue.orders >= m.queue.orders_most, `${count(m.queue.orders)} allowed calls wait for the carrier`, "It answers more slowly than calls are allowed; nothing more is granted until it keeps up.");
  warn(m.packs.overdue > 0, `${plural(m.packs.overdue, "rule")} past the day of review`, "Somebody has to look whether the law is still so; see Compliance.");
  return out;
}
