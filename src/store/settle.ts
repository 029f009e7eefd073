import { sql, type Transaction } from "kysely";
import { NEVER, type Settlement } from "../core/delivery.ts";
import { given, isPostgres } from "./flavor.ts";
import { WAITING } from "./literals.ts";
import { report } from "./report.ts";
import { settleAccounts } from "./settle-account.ts";
import type { EndedClaim, Reservation } from "./store.ts";
import type { Tables } from "./tables.ts";

/** Writes what attempts brought about, and frees their lanes for the next deliveries. */
export async function settle(trx: Transaction<Tables>, all: readonly EndedClaim[]): Promise<void> {
  await lockLanes(
    trx,
    all.map(({ claim }) => claim.lane),
  );
  const ended = await endAttempts(trx, all);
  if (ended.length === 0) return;
  await settleDeliveries(trx, ended);
  await releaseAll(
    trx,
    ended.map(({ claim, settlement }) => ({ held: claim, settlement })),
  );
  const reports = ended.flatMap(({ attempt }) =>
    attempt.reports.map((one) => ({ ...one, at: attempt.endedAt })),
  );
  await report(trx, reports);
}

/** Frees a lane, with what an attempt in it brought about for it and its account. */
export async function release(
  trx: Transaction<Tables>,
  held: Reservation,
  settlement: Omit<Settlement, "delivery">,
): Promise<void> {
  await lockLanes(trx, [held.lane]);
  await releaseAll(trx, [{ held, settlement }]);
}

/**
 * Whether something waits in a lane must be looked at when nobody can add to it, in a statement after the lock: else
 * what is added meanwhile would wait for nobody. In the order of their ids, as they are opened.
 */
async function lockLanes(trx: Transaction<Tables>, lanes: readonly string[]): Promise<void> {
  if (!isPostgres(trx)) return;
  await trx
    .selectFrom("lanes")
    .select("id")
    .where("id", "in", [...new Set(lanes)])
    .orderBy("id")
    .forUpdate()
    .execute();
}

/** Those whose attempts had not ended before: a commit of which nobody heard is not done twice. */
async function endAttempts(
  trx: Transaction<Tables>,
  all: readonly EndedClaim[],
): Promise<EndedClaim[]> {
  const rows = all.map(({ claim, attempt }) => ({
    delivery: claim.delivery,
    number: claim.attempt,
    ended_at: attempt.endedAt,
    outcome: attempt.outcome,
    reason: text(attempt.reason),
    template_error: attempt.templateError,
  }));
  const columns = {
    delivery: "text",
    number: "bigint",
    ended_at: "bigint",
    outcome: "text",
    reason: "text",
    template_error: "text",
  } as const;
  const ended = await trx
    .updateTable("attempts")
    .from(given(trx, columns, rows))
    .set((eb) => ({
      ended_at: eb.ref("given.ended_at"),
      outcome: eb.ref("given.outcome"),
      reason: eb.ref("given.reason"),
      template_error: eb.ref("given.template_error"),
    }))
    .whereRef("attempts.delivery", "=", "given.delivery")
    .whereRef("attempts.number", "=", "given.number")
    .where("attempts.ended_at", "is", null)
    .returning(["attempts.delivery"])
    .execute();
  const deliveries = new Set(ended.map(({ delivery }) => delivery));
  return all.filter(({ claim }) => deliveries.has(claim.delivery));
}

async function settleDeliveries(
  trx: Transaction<Tables>,
  ended: readonly EndedClaim[],
): Promise<void> {
  const rows = ended.map(({ claim, settlement: { delivery }, attempt }) => ({
    id: claim.delivery,
    attempts: claim.attempt,
    status: delivery.status,
    form: delivery.form,
    rendered: attempt.template,
    next_attempt_at: delivery.nextAttemptAt,
    last_error: text(delivery.lastError),
    ref: text(delivery.ref),
  }));
  const columns = {
    id: "text",
    attempts: "bigint",
    status: "text",
    form: "text",
    rendered: "text",
    next_attempt_at: "bigint",
    last_error: "text",
    ref: "text",
  } as const;
  await trx
    .updateTable("deliveries")
    .from(given(trx, columns, rows))
    .set((eb) => ({
      status: eb.ref("given.status"),
      form: eb.ref("given.form"),
      rendered: eb.ref("given.rendered"),
      next_attempt_at: eb.ref("given.next_attempt_at"),
      last_error: eb.ref("given.last_error"),
      ref: eb.ref("given.ref"),
    }))
    .whereRef("deliveries.id", "=", "given.id")
    // Another bridge took the delivery over meanwhile: it will say what becomes of it.
    .whereRef("deliveries.attempts", "=", "given.attempts")
    .execute();
}

interface Ended {
  readonly held: Reservation;
  readonly settlement: Omit<Settlement, "delivery">;
}

async function releaseAll(trx: Transaction<Tables>, all: readonly Ended[]): Promise<void> {
  const rows = all.map(({ held, settlement: { lane } }) => ({
    id: held.lane,
    owner: held.owner,
    not_before: lane.notBefore,
    asked_until: lane.askedUntil,
    failures: lane.failures,
    parked: text(lane.parked),
    closed: lane.notBefore === NEVER ? text(lane.parked) : null,
  }));
  const columns = {
    id: "text",
    owner: "text",
    not_before: "bigint",
    asked_until: "bigint",
    failures: "bigint",
    parked: "text",
    closed: "text",
  } as const;
  await trx
    .updateTable("lanes")
    .from(given(trx, columns, rows))
    .set((eb) => ({
      not_before: eb.ref("given.not_before"),
      asked_until: eb.ref("given.asked_until"),
      failures: eb.ref("given.failures"),
      parked: eb.ref("given.parked"),
      closed: eb.fn.coalesce("given.closed", "lanes.closed"),
      due_at: sql<number | null>`case when ${eb.exists(
        eb
          .selectFrom("deliveries")
          .select("deliveries.seq")
          .whereRef("deliveries.lane", "=", "lanes.id")
          .where("deliveries.status", "in", WAITING),
      )} then ${eb.ref("given.not_before")} end`,
      lease_until: null,
      owner: null,
    }))
    .whereRef("lanes.id", "=", "given.id")
    .whereRef("lanes.owner", "=", "given.owner")
    .execute();
  await settleAccounts(trx, all);
}

function text(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}
