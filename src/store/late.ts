import type { Kysely } from "kysely";
import type { Reason } from "../core/outcome.ts";
import { WAITING } from "./literals.ts";
import type { LateRecord } from "./store.ts";
import type { Tables } from "./tables.ts";

/** The heads of lanes that wait since before a time; a lane's head is its oldest. */
export async function late(db: Kysely<Tables>, before: number): Promise<LateRecord[]> {
  const rows = await db
    .selectFrom("lanes")
    .innerJoin("accounts", "accounts.id", "lanes.account")
    .innerJoin("deliveries", (join) =>
      join.on("deliveries.seq", "=", (eb) =>
        eb
          .selectFrom("deliveries as waiting")
          .select("waiting.seq")
          .whereRef("waiting.lane", "=", "lanes.id")
          .where("waiting.status", "in", WAITING)
          .orderBy("waiting.seq")
          .limit(1),
      ),
    )
    .select([
      "deliveries.destination",
      "deliveries.created_at",
      "deliveries.last_error",
      "lanes.id",
      "lanes.account",
      "lanes.parked",
      "accounts.parked as account_parked",
    ])
    .where("lanes.due_at", "is not", null)
    .where("deliveries.created_at", "<=", before)
    .orderBy("deliveries.created_at")
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

function reason(text: string | null): Reason | null {
  return text === null ? null : (JSON.parse(text) as Reason);
}
