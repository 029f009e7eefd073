import { backoffMs } from "./backoff.ts";
import type { MessageRef, Outcome, Reason } from "./outcome.ts";

/** Where a delivery stands; a pending one in a parked lane is shown as `parked`. */
export type DeliveryStatus = "pending" | "sending" | "delivered" | "unknown" | "dead";

/** The whole message, or its text alone because the platform refused the rest. */
export type DeliveryForm = "full" | "plain";

/** How long lanes and accounts stay parked between two probes, in milliseconds; ours. */
export const PARKING = { firstMs: 60_000, longestMs: 3_600_000 } as const;

/** A time that never comes: when something opens that must not be used again. */
export const NEVER = Number.MAX_SAFE_INTEGER;

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
  /** How long after a doubtful attempt the platform can be asked about it, in milliseconds; at once unless given. */
  readonly lookAfterMs?: number;
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
  /** Whether the platform answers this account; `null` when the attempt does not tell. */
  readonly platform: "answers" | "fails" | null;
  /** When the attempt ended, in milliseconds since the epoch. */
  readonly at: number;
}

/** When a lane or an account may be used next, and why not sooner; times in milliseconds since the epoch. */
export interface Gate {
  readonly notBefore: number;
  /** When the wait ends that the platform itself asked for, which nothing may cut short; 0 when it asked for none. */
  readonly askedUntil: number;
  readonly failures: number;
  /** Why it is parked; `null` when it is not. */
  readonly parked: Reason | null;
}

/** Judges an attempt: the table of outcomes in ARCHITECTURE.md, as code. */
export function judge(outcome: Outcome | Unmade, judging: Judging): Settlement {
  const settlement = { ...judgeOutcome(outcome, judging), at: judging.now };
  const isTooOld = judging.now - judging.createdAt >= judging.giveUpAfterMs;
  if (settlement.delivery.status !== "pending" || !isTooOld) return settlement;
  return {
    ...settlement,
    delivery: { ...settlement.delivery, status: "dead", nextAttemptAt: null },
  };
}

function judgeOutcome(outcome: Outcome | Unmade, judging: Judging): Omit<Settlement, "at"> {
  const { now, form } = judging;
  // From the answer, not from the request: only so do two never arrive closer together than the platform allows.
  const pacedAt = now + judging.paceMs;
  const paced: Gate = { notBefore: pacedAt, askedUntil: 0, failures: 0, parked: null };
  // Nothing was said about the lane.
  const kept: Gate = { ...paced, ...standing("lane", judging) };
  // The platform answered about the message or the channel: the account itself works.
  const working: Gate = { notBefore: 0, askedUntil: 0, failures: 0, parked: null };
  const lastError = outcome.kind === "delivered" ? null : outcome.reason;
  const again = (at: number, nextForm = form): Settlement["delivery"] => ({
    status: "pending",
    form: nextForm,
    nextAttemptAt: at === NEVER ? null : at,
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
    case "delivered": {
      const restedAt = now + (outcome.restMs ?? 0);
      return {
        delivery: { status: "delivered", form, nextAttemptAt: null, lastError, ref: outcome.ref },
        lane: { ...paced, notBefore: Math.max(pacedAt, restedAt) },
        account: working,
        platform: "answers",
      };
    }
    case "retry": {
      const platform = outcome.own ? null : "fails";
      const { scope, afterMs } = outcome;
      const gate = outcome.own ? unchanged(scope, afterMs, judging) : waiting(outcome, judging);
      return scope === "lane"
        ? { delivery: again(gate.notBefore), lane: gate, account: null, platform }
        : { delivery: again(gate.notBefore), lane: kept, account: gate, platform };
    }
    case "rejected": {
      const { scope, reason, final } = outcome;
      if (scope === "message") {
        const delivery = form === "full" ? again(pacedAt, "plain") : over("dead");
        return { delivery, lane: paced, account: working, platform: "answers" };
      }
      const gate = final ? closing(scope, reason, judging) : parking(scope, reason, judging);
      const delivery = again(gate.notBefore);
      return scope === "lane"
        ? { delivery, lane: gate, account: working, platform: "answers" }
        : { delivery, lane: kept, account: gate, platform: "fails" };
    }
    case "unknown": {
      const platform = outcome.own ? null : "fails";
      if (judging.onUnknown === "hold") {
        // Else an outage would hold the whole backlog, one message right after the other.
        const lane = outcome.own ? kept : waiting({ scope: "lane" }, judging);
        return { delivery: over("unknown"), lane, account: null, platform };
      }
      const gate = outcome.own ? unchanged("lane", 0, judging) : doubting(judging);
      return { delivery: again(gate.notBefore), lane: gate, account: null, platform };
    }
    case "unmade": {
      // The platform was not asked, so nothing is known anew of lane and account.
      const lane = { ...unchanged("lane", 0, judging), notBefore: now };
      const isLast = form === "plain" || !outcome.mayBePlain;
      const delivery = isLast ? over("dead") : again(now, "plain");
      return { delivery, lane, account: null, platform: null };
    }
  }
}

/** As it was before, but for a pause. */
function unchanged(scope: "lane" | "account", afterMs: number | undefined, judging: Judging): Gate {
  const pause = Math.max(afterMs ?? 0, judging.paceMs);
  return { notBefore: judging.now + pause, askedUntil: 0, ...standing(scope, judging) };
}

/** What is parked stays so until the platform takes a message, or says something else about it. */
function waiting(
  { scope, afterMs }: { readonly scope: "lane" | "account"; readonly afterMs?: number },
  judging: Judging,
): Gate {
  const before = standing(scope, judging);
  const failures = before.failures + 1;
  const pause = afterMs ?? backoffMs(failures, judging.random);
  return {
    notBefore: judging.now + Math.max(pause, judging.paceMs),
    askedUntil: afterMs === undefined ? 0 : judging.now + afterMs,
    failures,
    parked: before.parked,
  };
}

/** A message that may have been posted is looked for, but not before it can be found. */
function doubting(judging: Judging): Gate {
  const gate = waiting({ scope: "lane" }, judging);
  const findableAt = judging.now + (judging.lookAfterMs ?? 0);
  return { ...gate, notBefore: Math.max(gate.notBefore, findableAt) };
}

/** Parked lanes and accounts are probed with growing pauses: a person may have mended them without telling us. */
function parking(scope: "lane" | "account", reason: Reason, judging: Judging): Gate {
  const failures = standing(scope, judging).failures + 1;
  const pause = Math.min(PARKING.longestMs, PARKING.firstMs * 2 ** Math.min(failures - 1, 30));
  return { notBefore: judging.now + pause, askedUntil: 0, failures, parked: reason };
}

/** What must not be used again is not even probed. */
function closing(scope: "lane" | "account", reason: Reason, judging: Judging): Gate {
  const failures = standing(scope, judging).failures + 1;
  return { notBefore: NEVER, askedUntil: 0, failures, parked: reason };
}

function standing(scope: "lane" | "account", judging: Judging): Pick<Gate, "failures" | "parked"> {
  return scope === "lane"
    ? { failures: judging.laneFailures, parked: judging.laneParked }
    : { failures: judging.accountFailures, parked: judging.accountParked };
}
