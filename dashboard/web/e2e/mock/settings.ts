import type { AccountReport, Settings } from "../../src/api/settings";

const key = (k: string, value: string, about: string, changed = false) => ({ key: k, value, default: !changed, env: `CARILLON_${k.toUpperCase().replaceAll(".", "_")}`, about });

export const settings: Settings = {
  account_check: true,
  settings: [
    key("listen", "127.0.0.1:8080", "Dashboard and API. Another than a loopback address takes web.url and TLS."), key("public_url", "https://calls.example.com", "The URL under which the carrier reaches hooks.listen.", true),
    key("twilio.auth_token", "(set)", "Better in CARILLON_TWILIO_AUTH_TOKEN than in a file.", true), key("pacing.cps", "20", "New calls per second the account allows (Twilio: 1 unless raised).", true),
    key("caller_ids", `[${Array.from({ length: 30 }, (_, i) => `{number: "+1303555${String(100 + i).padStart(4, "0")}", pool: default}`).join(", ")}]`, "Numbers to call from.", true), key("dial.spend_cap", "0", "What the calls of one day may cost, in the currency of the carrier account; 0 is no limit."),
  ],
  retention: [
    { what: "Calls with their permits, costs and dispositions", seconds: null, until: "for good; erasing a person leaves them by token only" },
    { what: "The ledger's log: the story of a call, event by event", seconds: 604_800, until: "then a call keeps what its row tells" },
  ],
};

export function account(now: string, ill: boolean): AccountReport {
  const findings = [
    { name: "base URL", ok: true, detail: "Twilio's own", remedy: "" }, { name: "account AC00000000000000000000000000000001", ok: true, detail: 'status "active", type "Full"', remedy: "" },
    { name: "caller ID +13035550100", ok: !ill, detail: ill ? "neither owned by nor verified for the account" : "a number of the account", remedy: ill ? "buy the number, or verify it as an outgoing caller ID" : "" },
    { name: "calls to US", ok: true, detail: "ordinary numbers on, special-rate numbers off, numbers known for toll fraud off", remedy: "" },
    { name: "public URL", ok: !ill, detail: ill ? "the public URL answered 502; is it this server's hooks listener?" : "https://calls.example.com leads to this server", remedy: ill ? "let public_url lead to the server's hooks listener" : "" },
  ];
  return { checked_at: now, ok: findings.every((f) => f.ok), findings };
}
