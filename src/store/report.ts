import type { ExpressionBuilder, Kysely, Transaction } from "kysely";
import type { Report } from "../core/report.ts";
import type { DueReport } from "./store.ts";
import type { Tables } from "./tables.ts";

/** The most causes in one message to the operator; ours: what is beyond it is told in the next. */
const MAX_DUE = 1_000;

/** How long a cause is remembered after it was told, in milliseconds; ours: longer than any reminder's pause. */
const FORGET_AFTER_MS = 7 * 86_400_000;

/** A report, and when it came up; in milliseconds since the epoch. */
export interface TimedReport extends Report {
  readonly at: number;
}

/** Keeps reports until the operator has been told: one row a cause, with how often it came up. */
export async function report(
  trx: Transaction<Tables>,
  reports: readonly TimedReport[],
): Promise<void> {
  // By their causes, so that two bridges that keep the same ones do not wait for each other.
  const sorted = reports.toSorted((one, other) => (one.cause < other.cause ? -1 : 1));
  for (const { cause, text, remindAfterMs, at } of sorted) {
    await trx
      .insertInto("reports")
      .values({ cause, text, count: 1, first_at: at, told_at: 0 })
      .onConflict((conflict) => {
        const counted = conflict.column("cause").doUpdateSet((eb) => ({
          text,
          count: eb("reports.count", "+", 1),
          first_at: eb
            .case()
            .when("reports.count", "=", 0)
            .then(at)
            .else(eb.ref("reports.first_at"))
            .end(),
        }));
        // A state that lasts is one report, however often it is looked at.
        return remindAfterMs === undefined
          ? counted
          : counted
              .where("reports.count", "=", 0)
              .where("reports.told_at", "<=", at - remindAfterMs);
      })
      .execute();
  }
}

/** Reports that came up at one time. */
export function timed(now: number, reports: readonly Report[]): TimedReport[] {
  return reports.map((one) => ({ ...one, at: now }));
}

/** The causes that are to be told, the oldest first: those not told for `foldMs` milliseconds. */
export async function dueReports(
  db: Kysely<Tables>,
  now: number,
  foldMs: number,
): Promise<DueReport[]> {
  const rows = await db
    .selectFrom("reports")
    .select(["cause", "text", "count", "first_at"])
    .where("count", ">", 0)
    .where((eb) => isQuiet(eb, now, foldMs))
    .orderBy("first_at")
    .orderBy("cause")
    .limit(MAX_DUE)
    .execute();
  return rows.map((row) => ({
    cause: row.cause,
    text: row.text,
    count: row.count,
    since: row.first_at,
  }));
}

/** A cause that was told in the future was told by a clock that has been set back since. */
function isQuiet(eb: ExpressionBuilder<Tables, "reports">, now: number, forMs: number) {
  return eb.or([eb("reports.told_at", "<=", now - forMs), eb("reports.told_at", ">", now)]);
}

/** When the cause was told that has waited the longest since; `undefined` when there is nothing to tell. */
export async function oldestTold(db: Kysely<Tables>): Promise<number | undefined> {
  const row = await db
    .selectFrom("reports")
    .select((eb) => eb.fn.min<number | null>("told_at").as("told_at"))
    .where("count", ">", 0)
    .executeTakeFirst();
  return row?.told_at ?? undefined;
}

/** Notes what the operator was told; what came up meanwhile stays to be told. */
export async function told(
  trx: Transaction<Tables>,
  reports: readonly DueReport[],
  now: number,
): Promise<void> {
  // In the order in which they are kept.
  const sorted = reports.toSorted((one, other) => (one.cause < other.cause ? -1 : 1));
  for (const { cause, count, since } of sorted) {
    await trx
      .updateTable("reports")
      .set((eb) => ({ count: eb("count", "-", count), first_at: now, told_at: now }))
      .where("cause", "=", cause)
      // A commit of which nobody heard is not done twice, nor what another bridge has told.
      .where("first_at", "=", since)
      .where("count", ">=", count)
      .execute();
  }
  await trx
    .deleteFrom("reports")
    .where("count", "=", 0)
    .where("told_at", "<", now - FORGET_AFTER_MS)
    .execute();
}
