import { Counter, type Registry } from "prom-client";
import type { AttemptOutcome, EventStatus } from "../store/store.ts";
import { UNKNOWN } from "./labels.ts";
import type { Answer } from "./webhooks.ts";

/** Where a delivery ends. */
export type FinalStatus = "delivered" | "unknown" | "dead";

/** What telling the operator comes to. */
export type ReportOutcome = "delivered" | "failed";

/** What came of a changed config: it is in use, it has mistakes, or it could not be put into use. */
export type ReloadResult = "applied" | "rejected" | "failed";

/** What the bridge counts. */
export type Counters = ReturnType<typeof define>;

/**
 * Makes the counters, each of its series at 0: for one that begins at 1 Prometheus sees no increase.
 * https://prometheus.io/docs/practices/instrumentation/#avoid-missing-metrics
 */
export function counters(registry: Registry): Counters {
  const made = define([registry]);
  made.webhooks.inc({ source: UNKNOWN, answer: "unknown-source" }, 0);
  for (const outcome of REPORTS) made.reports.inc({ outcome }, 0);
  for (const result of RELOADS) made.reloads.inc({ result }, 0);
  return made;
}

/** Makes the series of sources and destinations, by their labels, at 0. */
export function beginCounters(
  made: Counters,
  sources: readonly string[],
  destinations: readonly string[],
): void {
  for (const source of sources) {
    for (const answer of ANSWERS)
      if (answer !== "unknown-source") made.webhooks.inc({ source, answer }, 0);
    for (const status of STATUSES) made.events.inc({ source, status }, 0);
  }
  for (const destination of destinations) {
    for (const outcome of OUTCOMES) made.attempts.inc({ destination, outcome }, 0);
    for (const status of FINAL) made.deliveries.inc({ destination, status }, 0);
    made.templateFailures.inc({ destination }, 0);
  }
}

function define(registers: Registry[]) {
  return {
    webhooks: new Counter({
      name: "bellhop_webhooks_total",
      help: "Webhooks received, by what they were answered.",
      labelNames: ["source", "answer"] as const,
      registers,
    }),
    events: new Counter({
      name: "bellhop_events_total",
      help: "Events, by what was decided.",
      labelNames: ["source", "status"] as const,
      registers,
    }),
    deliveries: new Counter({
      name: "bellhop_deliveries_total",
      help: "Deliveries that ended, by how.",
      labelNames: ["destination", "status"] as const,
      registers,
    }),
    attempts: new Counter({
      name: "bellhop_attempts_total",
      help: "Attempts at deliveries, by what they came to.",
      labelNames: ["destination", "outcome"] as const,
      registers,
    }),
    templateFailures: new Counter({
      name: "bellhop_template_failures_total",
      help: "Attempts with the built-in message, because the template failed.",
      labelNames: ["destination"] as const,
      registers,
    }),
    replays: new Counter({
      name: "bellhop_replays_total",
      help: "Deliveries and quarantined events that a person had go through again.",
      registers,
    }),
    reports: new Counter({
      name: "bellhop_operator_reports_total",
      help: "Messages to the operator, by what they came to.",
      labelNames: ["outcome"] as const,
      registers,
    }),
    reloads: new Counter({
      name: "bellhop_config_reloads_total",
      help: "Changed configs, by what came of them.",
      labelNames: ["result"] as const,
      registers,
    }),
    writeFailures: new Counter({
      name: "bellhop_store_write_failures_total",
      help: "Transactions that the store could not write.",
      registers,
    }),
  };
}

const ANSWERS = keysOf<Answer>({
  accepted: true,
  duplicate: true,
  quarantined: true,
  refused: true,
  "too-large": true,
  unavailable: true,
  shed: true,
  "unknown-source": true,
  unreadable: true,
});

const STATUSES = keysOf<Exclude<EventStatus, "stored">>({
  quarantined: true,
  sent: true,
  stale: true,
  unchanged: true,
  unrouted: true,
});

const OUTCOMES = keysOf<AttemptOutcome>({
  delivered: true,
  rejected: true,
  retry: true,
  unknown: true,
  unmade: true,
});

const FINAL = keysOf<FinalStatus>({ dead: true, delivered: true, unknown: true });

const REPORTS = keysOf<ReportOutcome>({ delivered: true, failed: true });

const RELOADS = keysOf<ReloadResult>({ applied: true, failed: true, rejected: true });

/** All names of a union: the compiler finds one that is missing. */
function keysOf<Name extends string>(names: Readonly<Record<Name, true>>): readonly Name[] {
  return Object.keys(names) as Name[];
}
