import type { Reason } from "../core/outcome.ts";
import { Deliver } from "../pipeline/deliver.ts";
import { Duty } from "../pipeline/duty.ts";
import { Housekeeping } from "../pipeline/housekeeping.ts";
import { Intake } from "../pipeline/intake.ts";
import { Leases } from "../pipeline/leases.ts";
import { logSettled } from "../pipeline/log.ts";
import { Operator } from "../pipeline/operator.ts";
import { processWorker } from "../pipeline/process.ts";
import { reopenedBy, type Settled } from "../pipeline/report.ts";
import type { Worker } from "../pipeline/worker.ts";
import type { Metrics } from "../server/metrics.ts";
import type { Store } from "../store/store.ts";
import type { Live } from "./live.ts";
import type { Ground } from "./surroundings.ts";

/** The three steps of an event's way, and what keeps order beside them. */
export interface Steps {
  readonly intake: Intake;
  readonly process: Worker;
  readonly deliver: Deliver;
  readonly leases: Leases;
  readonly operator: Operator;
  readonly housekeeping: Housekeeping;
}

/** What the steps are made with. */
export interface StepParts {
  readonly ground: Ground;
  readonly live: Live;
  readonly store: Store;
  readonly metrics: Metrics;
}

/** Wires the steps with each other; none of them is started. */
export function makeSteps({ ground, live, store, metrics }: StepParts): Steps {
  const { log, now, random, newId, owner, onError } = ground;
  const leases = new Leases({ store, now, onError });
  const operator = new Operator({
    store,
    leases,
    duty: new Duty("operator", { store, owner, now }),
    newId,
    log,
    now,
    random,
    destinations: () => live.operator,
    timeoutMs: () => live.config.delivery.timeoutMs,
    onSent: (outcome) => metrics.report(outcome),
    onLaneLeft: () => deliver.wake(),
    onError,
  });
  const onQuarantined = (event: string, source: string, reason: Reason) => {
    log.error({ event, source, reason }, "webhook quarantined");
    operator.wake();
  };
  const deliver = new Deliver({
    store,
    means: () => live.means,
    leases,
    newId,
    now,
    random,
    wanted: () => operator.wanted,
    onSettled: (settled) => {
      metrics.settled(settled);
      logSettled(log, settled);
      if (isTold(settled)) operator.wake();
    },
    onExpired: (expired) => {
      metrics.expired(expired);
      log.error(
        { destinations: [...new Set(expired)], count: expired.length },
        "messages given up on",
      );
      operator.wake();
    },
    onError,
  });
  const process = processWorker({
    store,
    rules: () => live.rules,
    isIntakePressed: () => intake.isPressed,
    newId,
    now,
    onProcessed: ({ status, error }, event) => {
      metrics.event(event.source, status);
      if (error !== null) onQuarantined(event.id, event.source, error);
    },
    onDeliveries: () => deliver.wake(),
    onError,
  });
  const intake = new Intake({
    store,
    newId,
    now,
    onStored: () => process.wake(),
    onQuarantined: (event, source, reason) => {
      metrics.event(source, "quarantined");
      onQuarantined(event, source, reason);
    },
  });
  const housekeeping = new Housekeeping({
    store,
    duty: new Duty("housekeeping", { store, owner, now }),
    retention: () => live.config.retention,
    now,
    onPruned: (pruned) => log.info(pruned, "old events pruned"),
    onError,
  });
  return { intake, process, deliver, leases, operator, housekeeping };
}

/** Whether the operator may be told of an attempt. */
function isTold({ claim, status, templateError }: Settled): boolean {
  return status !== "delivered" || templateError !== null || reopenedBy(claim) !== null;
}
