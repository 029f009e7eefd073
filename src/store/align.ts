import type { Transaction } from "kysely";
import { WAITING } from "./literals.ts";
import { openingAt } from "./opening.ts";
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
    .set({ not_before: openingAt(now), due_at: openingAt(now) })
    .where("parked", "is not", null)
    .where("closed", "is", null)
    .where("due_at", "is not", null)
    .execute();
  await trx
    .updateTable("accounts")
    .set({ not_before: openingAt(now) })
    .where("parked", "is not", null)
    .execute();
  const current = destinations.map(({ lane }) => lane);
  // What was closed for good stays so, also when its destination was away in between.
  await trx
    .updateTable("lanes")
    .set((eb) => ({ parked: eb.ref("closed") }))
    .where("closed", "is not", null)
    .where("id", "in", current)
    .execute();
  await trx
    .updateTable("lanes")
    .set({ parked: null, failures: 0, due_at: null })
    .where("id", "not in", current)
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
