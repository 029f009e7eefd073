import { backoffMs } from "./backoff.ts";
import type { MessageRef, Outcome, Reason } from "./outcome.ts";

/** Where a delivery stands; a pending one in a parked lane is shown as `parked`. */
export type DeliveryStatus = "pending" | "sending" | "delivered" | "unknown" | "dead";

/** The whole message, or its text alone because the platform refused the rest. */
export type DeliveryForm = "full" | "plain";

/** How long lanes and accounts stay parked between two probes, in milliseconds; ours. */
export const PARKING = { firstMs: 60_000, longestMs: 3_600_000 } as const;

/** A message that could not be made here, so that nothing was sent and the platform was not asked. */
export interface Unmade {
  readonly kind: "unmade";
  readonly reason: Reason;
  /** Whether its text alone may still be made. */
  readonly mayBePlain: boolean;
}

/** What an attempt is judged by; times in milliseconds since the epoch. */
export interface Judging {
  readonly now: number;
  /** In [0, 1). */
  readonly random: number;
  readonly createdAt: number;
  readonly giveUpAfterMs: number;
  readonly form: DeliveryForm;
  /** The least pause between two sends in the lane. */
  readonly paceMs: number;
  /** What to do when a message may have been posted. */
  readonly onUnknown: "retry" | "hold";
  /** Attempts in a row that did not get through, before this one. */
  readonly laneFailures: number;
  readonly accountFailures: number;
  /** Why the lane is parked already, and this attempt its probe. */
  readonly laneParked: Reason | null;
  readonly accountParked: Reason | null;
}

/** What an attempt brings about for its delivery, its lane and its account. */
export interface Settlement {
  readonly delivery: {
    readonly status: Exclude<DeliveryStatus, "sending">;
    readonly form: DeliveryForm;
    readonly nextAttemptAt: number | null;
    readonly lastError: Reason | null;
    readonly ref: MessageRef | null;
  };
  readonly lane: Gate;
  /** `null` leaves the account as it is. */
  readonly account: Gate | null;
}

/** When a lane or an account may be used next, and why not sooner. */
export interface Gate {
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  readonly failures: number;
  /** Why it is parked; `null` when it is not. */
  readonly parked: Reason | null;
}

/** Judges an attempt: the table of outcomes in ARCHITECTURE.md, as code. */
export function judge(outcome: Outcome | Unmade, judging: Judging): Settlement {
  const settlement = judgeOutcome(outcome, judging);
  const isTooOld = judging.now - judging.createdAt >= judging.giveUpAfterMs;
  if (settlement.delivery.status !== "pending" || !isTooOld) return settlement;
  return {
    ...settlement,
    delivery: { ...settlement.delivery, status: "dead", nextAttemptAt: null },
  };
}

function judgeOutcome(outcome: Outcome | Unmade, judging: Judging): Settlement {
  const { now, form } = judging;
  // From the answer, not from the request: only so do two never arrive closer together than the platform allows.
  const pacedAt = now + judging.paceMs;
  const paced: Gate = { notBefore: pacedAt, failures: 0, parked: null };
  // The platform answered about the message or the channel: the account itself works.
  const working: Gate = { notBefore: 0, failures: 0, parked: null };
  const lastError = outcome.kind === "delivered" ? null : outcome.reason;
  const again = (at: number, nextForm = form): Settlement["delivery"] => ({
    status: "pending",
    form: nextForm,
    nextAttemptAt: at,
    lastError,
    ref: null,
  });
  const over = (status: "unknown" | "dead"): Settlement["delivery"] => ({
    status,
    form,
    nextAttemptAt: null,
    lastError,
    ref: null,
  });

  switch (outcome.kind) {
    case "delivered":
      return {
        delivery: { status: "delivered", form, nextAttemptAt: null, lastError, ref: outcome.ref },
        lane: paced,
        account: working,
      };
    case "retry": {
      const gate = waiting(outcome.scope, outcome.afterMs, judging);
      return outcome.scope === "lane"
        ? { delivery: again(gate.notBefore), lane: gate, account: null }
        : { delivery: again(gate.notBefore), lane: paced, account: gate };
    }
    case "rejected": {
      if (outcome.scope === "message") {
        const delivery = form === "full" ? again(pacedAt, "plain") : over("dead");
        return { delivery, lane: paced, account: working };
      }
      const gate = parking(outcome.scope, outcome.reason, judging);
      return outcome.scope === "lane"
        ? { delivery: again(gate.notBefore), lane: gate, account: working }
        : { delivery: again(gate.notBefore), lane: paced, account: gate };
    }
    case "unknown": {
      if (judging.onUnknown === "hold") {
        const lane = { ...paced, parked: judging.laneParked, failures: judging.laneFailures };
        return { delivery: over("unknown"), lane, account: null };
      }
      const gate = waiting("lane", undefined, judging);
      return { delivery: again(gate.notBefore), lane: gate, account: null };
    }
    case "unmade": {
      // The platform was not asked, so nothing is known anew of lane and account.
      const lane = { notBefore: now, failures: judging.laneFailures, parked: judging.laneParked };
      const isLast = form === "plain" || !outcome.mayBePlain;
      return { delivery: isLast ? over("dead") : again(now, "plain"), lane, account: null };
    }
  }
}

/** What is parked stays so until the platform takes a message, or says something else about it. */
function waiting(scope: "lane" | "account", afterMs: number | undefined, judging: Judging): Gate {
  const parked = scope === "lane" ? judging.laneParked : judging.accountParked;
  const failures = (scope === "lane" ? judging.laneFailures : judging.accountFailures) + 1;
  const pause = afterMs ?? backoffMs(failures, judging.random);
  return { notBefore: judging.now + Math.max(pause, judging.paceMs), failures, parked };
}

/** Parked lanes and accounts are probed with growing pauses: a person may have mended them without telling us. */
function parking(scope: "lane" | "account", reason: Reason, judging: Judging): Gate {
  const failures = (scope === "lane" ? judging.laneFailures : judging.accountFailures) + 1;
  const pause = Math.min(PARKING.longestMs, PARKING.firstMs * 2 ** Math.min(failures - 1, 30));
  return { notBefore: judging.now + pause, failures, parked: reason };
}
