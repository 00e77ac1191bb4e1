import type { AbandonShare } from "../../src/api/abandon";
import { ratio } from "../../src/lib/format";

/** One campaign in each standing. */
export function shares(now: string): AbandonShare[] {
  const ago = (days: number) => new Date(Date.parse(now) - days * 86_400_000).toISOString();
  const one = (campaign: string | null, answered: number, abandoned: number, more: Partial<AbandonShare> = {}): AbandonShare => ({
    rule: "us.abandon.3pct_30d", message: "At most 3 % of the calls that a person answers are abandoned, by campaign over 30 days", campaign, limit: 0.03, since: ago(30), until: null,
    answered, abandoned, rate: ratio(abandoned, answered), connect_within: 2, late: 0, late_told: 0, rate_with_late: ratio(abandoned + (more.late ?? 0), answered), abandoned_today: 0, late_today: 0, over: false, over_with_late: more.over ?? false, held_until: null, ...more,
  });
  return [
    one("Five touches in six days", 4120, 33, { abandoned_today: 2, late: 2210, late_told: 180, late_today: 71, over_with_late: true }), one("Same-day quote", 800, 41, { over: true, held_until: ago(-0.4), abandoned_today: 1 }), one("Regional follow-up with a rather long campaign name", 900, 25),
    one(null, 5820, 210, { over: true, rule: "gb.abandon.3pct_24h", message: "At most 3 % of the calls that a person answers are abandoned, by telemarketer over 24 hours" }), one("Renewal reminder", 0, 0),
  ];
}
