import { type Selectable, sql, type Transaction } from "kysely";
import { NEVER, type Settlement } from "../core/delivery.ts";
import { given, storable } from "./flavor.ts";
import { WAITING } from "./literals.ts";
import { lockLanes } from "./lock-lanes.ts";
import { report } from "./report.ts";
import {
  type Ended,
  type Freed,
  lanesToWake,
  settleAccounts,
  standingsOf,
} from "./settle-account.ts";
import type { EndedClaim, Reservation } from "./store.ts";
import { statement } from "./statement.ts";
import type { AttemptsTable, DeliveryRow, LanesTable, Tables } from "./tables.ts";

/** Writes what attempts brought about, and frees their lanes for the next deliveries. */
export async function settle(trx: Transaction<Tables>, all: readonly EndedClaim[]): Promise<void> {
  if (all.length === 0) return;
  const ends = all.map(toEnded);
  const standings = await standingsOf(trx, ends);
  const wakened = await lanesToWake(trx, ends, standings);
  await lockLanes(trx, [...ends.map(({ held }) => held.lane), ...wakened]);
  const ended = await endAttempts(trx, all);
  if (ended.length === 0) return;
  await settleDeliveries(trx, ended);
  const freed = await freeLanes(trx, ended.map(toEnded));
  await settleAccounts(trx, freed, standings);
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
  const ends = [{ held, settlement }];
  const standings = await standingsOf(trx, ends);
  await lockLanes(trx, [held.lane, ...(await lanesToWake(trx, ends, standings))]);
  const freed = await freeLanes(trx, ends);
  // A commit of which nobody heard is not done twice.
  if (freed.some(({ isFreed }) => isFreed)) await settleAccounts(trx, freed, standings);
}

function toEnded({ claim, settlement }: EndedClaim): Ended {
  return { held: claim, settlement };
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
  const ended = await updateAttempts(trx, { rows });
  const attempts = new Set(ended.map(({ delivery, number }) => `${delivery} ${number}`));
  return all.filter(({ claim }) => attempts.has(`${claim.delivery} ${claim.attempt}`));
}

const ENDED = {
  delivery: "text",
  number: "bigint",
  ended_at: "bigint",
  outcome: "text",
  reason: "text",
  template_error: "text",
} as const;

type EndedRow = Pick<Selectable<AttemptsTable>, keyof typeof ENDED>;

const updateAttempts = statement((db, { rows }: { readonly rows: readonly EndedRow[] }) =>
  db
    .updateTable("attempts")
    .from(given(db, ENDED, rows))
    .set((eb) => ({
      ended_at: eb.ref("given.ended_at"),
      outcome: eb.ref("given.outcome"),
      reason: eb.ref("given.reason"),
      template_error: eb.ref("given.template_error"),
    }))
    .whereRef("attempts.delivery", "=", "given.delivery")
    .whereRef("attempts.number", "=", "given.number")
    .where("attempts.ended_at", "is", null)
    .returning(["attempts.delivery", "attempts.number"]),
);

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
  await updateDeliveries(trx, { rows });
}

const SETTLED = {
  id: "text",
  attempts: "bigint",
  status: "text",
  form: "text",
  rendered: "text",
  next_attempt_at: "bigint",
  last_error: "text",
  ref: "text",
} as const;

type SettledRow = Pick<DeliveryRow, keyof typeof SETTLED>;

const updateDeliveries = statement((db, { rows }: { readonly rows: readonly SettledRow[] }) =>
  db
    .updateTable("deliveries")
    .from(given(db, SETTLED, rows))
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
    .whereRef("deliveries.attempts", "=", "given.attempts"),
);

/** Frees lanes, but for those that another bridge took over meanwhile. */
async function freeLanes(trx: Transaction<Tables>, all: readonly Ended[]): Promise<Freed[]> {
  const rows = all.map(({ held, settlement: { lane } }) => ({
    id: held.lane,
    owner: held.owner,
    not_before: lane.notBefore,
    asked_until: lane.askedUntil,
    failures: lane.failures,
    parked: text(lane.parked),
    closed: lane.notBefore === NEVER ? text(lane.parked) : null,
  }));
  const freed = await updateLanes(trx, { rows });
  const lanes = new Set(freed.map(({ id }) => id));
  return all.map((one) => ({ ...one, isFreed: lanes.has(one.held.lane) }));
}

const FREED = {
  id: "text",
  owner: "text",
  not_before: "bigint",
  asked_until: "bigint",
  failures: "bigint",
  parked: "text",
  closed: "text",
} as const;

interface FreedRow extends Pick<
  Selectable<LanesTable>,
  "id" | "not_before" | "asked_until" | "failures" | "parked" | "closed"
> {
  readonly owner: string;
}

const updateLanes = statement((db, { rows }: { readonly rows: readonly FreedRow[] }) =>
  db
    .updateTable("lanes")
    .from(given(db, FREED, rows))
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
    .returning("lanes.id"),
);

/** Platforms' texts may hold anything, and are searched as JSON. */
function text(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value, storable);
}
