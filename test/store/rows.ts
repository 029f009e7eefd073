import { change } from "../../src/core/change.ts";
import type { ArrivedWebhook, NewDelivery, Processed } from "../../src/store/store.ts";

let count = 0;

/** An id that no other row of this test has; ids sort as they were made. */
export function rowId(prefix: string): string {
  count += 1;
  return `${prefix}_${String(count).padStart(6, "0")}`;
}

/** A webhook as the intake hands it to the store. */
export function arrived(key: string, more: Partial<ArrivedWebhook> = {}): ArrivedWebhook {
  return {
    id: rowId("evt"),
    source: "polar",
    key,
    type: "customer.state_changed",
    time: "2026-11-22T10:00:00Z",
    subject: "customer-1",
    receivedAt: Date.parse("2026-11-22T10:00:00Z"),
    body: Buffer.from(`{"key":"${key}"}`),
    quarantine: null,
    reports: [],
    ...more,
  };
}

/** What the process step makes of an event that is sent. */
export function processed(
  deliveries: readonly NewDelivery[],
  more: Partial<Processed> = {},
): Processed {
  return {
    status: deliveries.length === 0 ? "unrouted" : "sent",
    changes: [
      change({ kind: "group.added", summary: "Added to the group Enterprise.", tone: "info" }),
    ],
    verdicts: { rulebook: { routes: [{ name: "all", expectations: [] }] }, refusals: [] },
    deliveries,
    snapshot: null,
    revision: "r1",
    error: null,
    reports: [],
    ...more,
  };
}

/** A delivery that the process step makes. */
export function newDelivery(lane = "slack:a/C1", account = "slack:a"): NewDelivery {
  return {
    id: rowId("dlv"),
    route: "all",
    template: null,
    destination: `to ${lane}`,
    lane,
    account,
  };
}
