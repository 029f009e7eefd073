import type { Transaction } from "kysely";
import { WAITING } from "./literals.ts";
import { openLane } from "./open-lane.ts";
import type { LaneOf } from "./store.ts";
import type { Tables } from "./tables.ts";

/** Moves waiting deliveries to the lanes that their destinations have now, and makes parked ones due at once. */
export async function align(
  trx: Transaction<Tables>,
  destinations: readonly LaneOf[],
  now: number,
): Promise<void> {
  for (const { destination, lane, account } of destinations) {
    const moved = await trx
      .updateTable("deliveries")
      .set({ lane })
      .where("destination", "=", destination)
      .where("status", "in", WAITING)
      .where("lane", "!=", lane)
      .executeTakeFirst();
    if (moved.numUpdatedRows === 0n) continue;
    await openLane(trx, { lane, account }, now);
  }
  await trx
    .updateTable("lanes")
    .set({ not_before: now, due_at: now })
    .where("parked", "is not", null)
    .where("due_at", "is not", null)
    .execute();
  await trx
    .updateTable("accounts")
    .set({ not_before: now })
    .where("parked", "is not", null)
    .execute();
  await trx
    .updateTable("lanes")
    .set({ parked: null, failures: 0, due_at: null })
    .where(
      "id",
      "not in",
      destinations.map(({ lane }) => lane),
    )
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom("deliveries")
            .select("seq")
            .whereRef("deliveries.lane", "=", "lanes.id")
            .where("status", "in", WAITING),
        ),
      ),
    )
    .execute();
  await trx
    .updateTable("accounts")
    .set({ parked: null, failures: 0 })
    .where("parked", "is not", null)
    .where("id", "not in", (eb) =>
      eb.selectFrom("lanes").select("account").where("due_at", "is not", null),
    )
    .where(
      "id",
      "not in",
      destinations.map(({ account }) => account),
    )
    .execute();
}
