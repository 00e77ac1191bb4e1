import type { Schemas } from "../../src/api/client";
import type { Machine } from "../../src/api/ops";

const GIB = 2 ** 30;

/** The machine of a stand-in: at work, with nothing to do, or with everything wrong at once. */
export function machine(now: string, dialing: Schemas["Dialing"], how: "idle" | "well" | "ill" = "well"): Machine {
  const nothing = { count: 0, p50: null, p95: null, p99: null, max: null };
  const idle: Machine = {
    as_of: now, started_at: "2026-01-06T13:00:00.000Z", window_seconds: 300, dialing,
    queue: { pending: 0, ready: 0, next_due: null, orders: 0, orders_most: 4096, placing: 0, placers: 16 },
    open: { intent: 0, unknown: 0, placed: 0, ringing: 0, live: 0, closing: 0, stuck: 0 },
    pace: { cps: 20, rate: 20, calls_per_second: 0, channels: 200, channels_in_use: 0 }, lateness: nothing, webhook_delay: nothing, requests: [],
    ledger: { free_bytes: 12.4 * GIB, min_free_bytes: GIB, low: false, commit_p99_seconds: 0, repaired: [], suspicious: [] }, packs: { refused: "", overdue: 0 }, quarantined: 0,
  };
  if (how === "idle") return idle;
  const well: Machine = {
    ...idle, queue: { ...idle.queue, pending: 8123, ready: 12, next_due: now, orders: 3, placing: 2 }, open: { ...idle.open, intent: 2, placed: 4, ringing: 9, live: 14, closing: 1 },
    pace: { ...idle.pace, calls_per_second: 6.2, channels_in_use: 30 },
    lateness: { count: 1843, p50: 0.0012, p95: 0.0035, p99: 0.014, max: 0.081 }, webhook_delay: { count: 9210, p50: 0.22, p95: 0.45, p99: 0.88, max: 2.4 },
    requests: [{ result: "ok", count: 1840, last_at: now }, { result: "late", count: 3, last_at: now }],
    ledger: { ...idle.ledger!, commit_p99_seconds: 0.0042 },
  };
  if (how === "well") return well;
  return {
    ...well, queue: { ...well.queue, orders: 4100 }, open: { ...well.open, unknown: 4, stuck: 2 }, pace: { ...well.pace, rate: 1.25 }, quarantined: 1, packs: { refused: "us-states.yaml:41: us.fl.hours: no minute of a week is left", overdue: 3 },
    lateness: { count: 96, p50: 4.2, p95: 31, p99: 75, max: 7400 },
    requests: ["server_error", "rate_limited", "ok", "number_invalid", "caller_id", "connection", "redirected", "geo_permission", "late"].map((result, i) => ({ result, count: 90 - 9 * i, last_at: now })),
    ledger: { ...well.ledger!, free_bytes: 0.4 * GIB, low: true, commit_p99_seconds: 0.61, repaired: ["an empty memory table was removed"], suspicious: ["the ledger is older than its witness: 1,204 records are missing"] },
  };
}
