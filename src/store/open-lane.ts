import type { Transaction } from "kysely";
import type { LaneOf } from "./store.ts";
import type { Tables } from "./tables.ts";

/** Makes sure that a delivery's lane and account are there, and that the lane is due as soon as its pace allows. */
export async function openLane(
  trx: Transaction<Tables>,
  { lane, account }: Pick<LaneOf, "lane" | "account">,
  now: number,
): Promise<void> {
  await trx
    .insertInto("accounts")
    .values({ id: account, not_before: 0, failures: 0 })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .execute();
  // A lane in which something waits already keeps its time: its head decides.
  await trx
    .insertInto("lanes")
    .values({ id: lane, account, due_at: now, not_before: 0, failures: 0 })
    .onConflict((conflict) =>
      conflict.column("id").doUpdateSet((eb) => ({
        due_at: eb.fn.coalesce(
          "lanes.due_at",
          eb
            .case()
            .when("lanes.not_before", ">", now)
            .then(eb.ref("lanes.not_before"))
            .else(now)
            .end(),
        ),
      })),
    )
    .execute();
}
