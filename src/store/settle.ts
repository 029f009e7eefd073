import type { Transaction } from "kysely";
import type { Settlement } from "../core/delivery.ts";
import { WAITING } from "./literals.ts";
import type { AttemptResult, Claim } from "./store.ts";
import type { Tables } from "./tables.ts";

/** Writes what an attempt brought about, and frees its lane for the next delivery. */
export async function settle(
  trx: Transaction<Tables>,
  claimed: Claim,
  settlement: Settlement,
  attempt: AttemptResult,
): Promise<void> {
  const { delivery, lane } = settlement;
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
  const isWaited = await hasWaiting(trx, claimed.lane);
  await trx
    .updateTable("lanes")
    .set({
      not_before: lane.notBefore,
      failures: lane.failures,
      parked: text(lane.parked),
      due_at: isWaited ? lane.notBefore : null,
      lease_until: null,
      owner: null,
    })
    .where("id", "=", claimed.lane)
    .where("owner", "=", claimed.owner)
    .execute();
  await settleAccount(trx, claimed, settlement);
}

/** Attempts at one account overlap: what one of them found must not undo what another found meanwhile. */
async function settleAccount(
  trx: Transaction<Tables>,
  claimed: Claim,
  { account, lane }: Settlement,
): Promise<void> {
  const isProbe = claimed.accountParked !== null;
  if (account === null) {
    // The probe of a parked account said nothing about the account: the next one may come with the lane.
    if (isProbe)
      await trx
        .updateTable("accounts")
        .set({ not_before: lane.notBefore })
        .where("id", "=", claimed.account)
        .execute();
    return;
  }
  let update = trx
    .updateTable("accounts")
    .set({
      not_before: account.notBefore,
      failures: account.failures,
      parked: text(account.parked),
    })
    .where("id", "=", claimed.account);
  const isOpen = account.notBefore === 0;
  if (isOpen && !isProbe) update = update.where("not_before", "<=", claimed.startedAt);
  if (!isOpen && !isProbe) update = update.where("not_before", "<=", account.notBefore);
  await update.execute();
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
