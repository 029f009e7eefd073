import type { Transaction } from "kysely";
import { given } from "./flavor.ts";
import { WAITING } from "./literals.ts";
import { lockAllLanes } from "./lock-lanes.ts";
import { openingAt } from "./opening.ts";
import { addAccounts, openLanes } from "./open-lanes.ts";
import type { LaneOf } from "./store.ts";
import type { Tables } from "./tables.ts";

/** Moves waiting deliveries to the lanes that their destinations have now, and makes parked ones due at once. */
export async function align(
  trx: Transaction<Tables>,
  destinations: readonly LaneOf[],
  now: number,
): Promise<void> {
  // Accounts come before lanes everywhere, so that no two bridges wait for each other.
  await addAccounts(
    trx,
    destinations.map(({ account }) => account),
  );
  await lockAllLanes(trx);
  const opened: LaneOf[] = [];
  for (const one of await misplaced(trx, destinations)) {
    const { destination, lane } = one;
    const moved = await trx
      .updateTable("deliveries")
      .set({ lane })
      .where("destination", "=", destination)
      .where("status", "in", WAITING)
      .where("lane", "!=", lane)
      // What another bridge is at stays where it is, with all that waits behind it: it must not overtake.
      .where("lane", "not in", (eb) =>
        eb.selectFrom("lanes").select("id").where("lease_until", ">", now),
      )
      .executeTakeFirst();
    if (moved.numUpdatedRows > 0n) opened.push(one);
  }
  await openLanes(trx, opened, now);
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
  const lanes = destinations.map(({ lane }) => ({ id: lane }));
  const current = trx.selectFrom(given(trx, { id: "text" }, lanes)).select("given.id");
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
      eb.or([eb("parked", "is not", null), eb("failures", ">", 0), eb("due_at", "is not", null)]),
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
  const accounts = destinations.map(({ account }) => ({ id: account }));
  await trx
    .updateTable("accounts")
    .set({ parked: null, failures: 0 })
    .where("parked", "is not", null)
    .where("id", "not in", (eb) =>
      eb.selectFrom("lanes").select("account").where("due_at", "is not", null),
    )
    .where("id", "not in", (eb) =>
      eb.selectFrom(given(trx, { id: "text" }, accounts)).select("given.id"),
    )
    .execute();
}

/** Those of which something waits in another lane: most often none, and then one look tells so of all. */
async function misplaced(
  trx: Transaction<Tables>,
  destinations: readonly LaneOf[],
): Promise<LaneOf[]> {
  const rows = destinations.map(({ destination, lane }) => ({ destination, lane }));
  const found = await trx
    .selectFrom(given(trx, { destination: "text", lane: "text" }, rows))
    .select("given.destination")
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom("deliveries")
          .select("deliveries.seq")
          .whereRef("deliveries.destination", "=", "given.destination")
          .where("deliveries.status", "in", WAITING)
          .whereRef("deliveries.lane", "!=", "given.lane"),
      ),
    )
    .execute();
  const names = new Set(found.map(({ destination }) => destination));
  return destinations.filter(({ destination }) => names.has(destination));
}
