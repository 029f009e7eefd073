import { type Kysely, sql, type Transaction } from "kysely";
import type { TurnRequest } from "../core/turns.ts";
import type { Tables } from "./tables.ts";

/** Takes the next turn, and tells when it is. */
export async function takeTurn(
  trx: Transaction<Tables>,
  { of, now, paceMs }: TurnRequest,
): Promise<number> {
  const { next_at: next } = await trx
    .insertInto("turns")
    .values({ name: of, next_at: now + paceMs, closed_until: 0 })
    .onConflict((conflict) =>
      conflict.column("name").doUpdateSet({
        next_at: sql<number>`case when turns.next_at > ${now} then turns.next_at else ${now} end + ${paceMs}`,
      }),
    )
    .returning("next_at")
    .executeTakeFirstOrThrow();
  return next - paceMs;
}

/** Has no turn begin before then. */
export async function closeTurns(
  trx: Transaction<Tables>,
  of: string,
  until: number,
): Promise<void> {
  await trx
    .insertInto("turns")
    .values({ name: of, next_at: until, closed_until: until })
    .onConflict((conflict) =>
      conflict
        .column("name")
        // All who had one line up anew behind it.
        .doUpdateSet({ next_at: until, closed_until: until })
        .where("turns.closed_until", "<", until),
    )
    .execute();
}

/** Until when no turn begins. */
export async function turnsClosedUntil(db: Kysely<Tables>, of: string): Promise<number> {
  const row = await db
    .selectFrom("turns")
    .select("closed_until")
    .where("name", "=", of)
    .executeTakeFirst();
  return row?.closed_until ?? 0;
}
