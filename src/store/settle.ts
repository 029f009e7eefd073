import type { Transaction } from "kysely";
import { NEVER, type Settlement } from "../core/delivery.ts";
import { WAITING } from "./literals.ts";
import { settleAccount } from "./settle-account.ts";
import { report } from "./report.ts";
import type { Reservation, EndedClaim } from "./store.ts";
import type { Tables } from "./tables.ts";

/** Writes what attempts brought about, and frees their lanes for the next deliveries. */
export async function settle(trx: Transaction<Tables>, all: readonly EndedClaim[]): Promise<void> {
  for (const one of all) await settleOne(trx, one);
}

async function settleOne(
  trx: Transaction<Tables>,
  { claim: claimed, settlement, attempt }: EndedClaim,
): Promise<void> {
  const { delivery } = settlement;
  await trx
    .updateTable("attempts")
    .set({
      ended_at: attempt.endedAt,
      outcome: attempt.outcome,
      reason: text(attempt.reason),
      template_error: attempt.templateError,
    })
    .where("delivery", "=", claimed.delivery)
    .where("number", "=", claimed.attempt)
    .execute();
  await trx
    .updateTable("deliveries")
    .set({
      status: delivery.status,
      form: delivery.form,
      rendered: attempt.template,
      next_attempt_at: delivery.nextAttemptAt,
      last_error: text(delivery.lastError),
      ref: text(delivery.ref),
    })
    .where("id", "=", claimed.delivery)
    .where("attempts", "=", claimed.attempt)
    .execute();
  await release(trx, claimed, settlement);
  await report(trx, attempt.reports, attempt.endedAt);
}

/** Frees a lane, with what an attempt in it brought about for it and its account. */
export async function release(
  trx: Transaction<Tables>,
  held: Reservation,
  settlement: Omit<Settlement, "delivery">,
): Promise<void> {
  const { lane } = settlement;
  const closed = lane.notBefore === NEVER ? { closed: text(lane.parked) } : {};
  const isWaited = await hasWaiting(trx, held.lane);
  await trx
    .updateTable("lanes")
    .set({
      not_before: lane.notBefore,
      asked_until: lane.askedUntil,
      failures: lane.failures,
      parked: text(lane.parked),
      ...closed,
      due_at: isWaited ? lane.notBefore : null,
      lease_until: null,
      owner: null,
    })
    .where("id", "=", held.lane)
    .where("owner", "=", held.owner)
    .execute();
  await settleAccount(trx, held, settlement);
}

async function hasWaiting(trx: Transaction<Tables>, lane: string): Promise<boolean> {
  const row = await trx
    .selectFrom("deliveries")
    .select("seq")
    .where("lane", "=", lane)
    .where("status", "in", WAITING)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

function text(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}
