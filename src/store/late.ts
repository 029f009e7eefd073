import type { ExpressionBuilder, Kysely } from "kysely";
import type { Reason } from "../core/outcome.ts";
import { WAITING } from "./literals.ts";
import type { LateRecord } from "./store.ts";
import type { Tables } from "./tables.ts";

/** The heads of lanes that wait since before a time; a lane's head is its oldest. */
export async function late(db: Kysely<Tables>, before: number): Promise<LateRecord[]> {
  const rows = await db
    .selectFrom("lanes")
    .innerJoin("accounts", "accounts.id", "lanes.account")
    .select(["lanes.id", "lanes.account", "lanes.parked", "accounts.parked as account_parked"])
    .select((eb) => [
      headOf(eb).select("deliveries.destination").$asScalar().$notNull().as("destination"),
      headOf(eb).select("deliveries.created_at").$asScalar().$notNull().as("created_at"),
      headOf(eb).select("deliveries.last_error").as("last_error"),
    ])
    .where("lanes.due_at", "is not", null)
    .where((eb) => eb(headOf(eb).select("deliveries.created_at"), "<=", before))
    .orderBy("created_at")
    .execute();
  return rows.map((row) => ({
    destination: row.destination,
    lane: row.id,
    account: row.account,
    oldestAt: row.created_at,
    lastError: reason(row.last_error),
    laneParked: reason(row.parked),
    accountParked: reason(row.account_parked),
  }));
}

/** For a subquery a column, and not for a join: with many lanes, PostgreSQL would read all deliveries that ever were. */
function headOf(eb: ExpressionBuilder<Tables, "lanes">) {
  return eb
    .selectFrom("deliveries")
    .whereRef("deliveries.lane", "=", "lanes.id")
    .where("deliveries.status", "in", WAITING)
    .orderBy("deliveries.seq")
    .limit(1);
}

function reason(text: string | null): Reason | null {
  return text === null ? null : (JSON.parse(text) as Reason);
}
