import type { Consent } from "../../src/api/consents";
import { idOf } from "./cadences";

/** Agreements of a number, one of each standing. */
export function consents(now: string, number: string): Consent[] {
  const day = (n: number) => new Date(Date.parse(now) - n * 86_400_000).toISOString();
  const one = (i: number, kind: Consent["kind"], status: Consent["status"], given: string, more: Partial<Consent> = {}): Consent => ({
    id: idOf("cs", 40 + i), number, kind, given_at: given, seller: "Acme Insurance", scope: "all", source: "web form", proof: "https://forms.example.com/answers/8127", by: "import", recorded_at: given, status,
    lapses_at: null, revoked_at: null, history: [{ at: given, what: "recorded", by: "import", how: "", reason: "", source: "web form", proof: "https://forms.example.com/answers/8127" }], ...more,
  });
  const taken = one(2, "express", "revoked", day(70), { revoked_at: day(12) });
  taken.history.push({ at: day(12), what: "revoked", by: "manager 1", how: "call", reason: "wants mail only", source: "", proof: "" });
  return [
    one(1, "express_written", "valid", day(30)), taken,
    one(3, "ebr.3m_inquiry", "lapsed", day(140), { lapses_at: day(48), scope: "campaign:A campaign with a rather long name", source: "", proof: "" }),
    one(4, "contract.running", "valid", day(200), { seller: "", proof: "<img src=x onerror=alert(1)>" }),
  ];
}
