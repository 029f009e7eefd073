import type { Transaction } from "kysely";
import type { DutyRequest } from "./store.ts";
import type { Tables } from "./tables.ts";

/** Takes a duty that is nobody's, or keeps one's own; tells whether it is one's own now. */
export async function take(
  trx: Transaction<Tables>,
  { duty, owner, now, leaseMs }: DutyRequest,
): Promise<boolean> {
  const taken = await trx
    .insertInto("duties")
    .values({ name: duty, owner, lease_until: now + leaseMs })
    .onConflict((conflict) =>
      conflict
        .column("name")
        .doUpdateSet({ owner, lease_until: now + leaseMs })
        .where((eb) =>
          eb.or([eb("duties.owner", "=", owner), eb("duties.lease_until", "<=", now)]),
        ),
    )
    .returning("name")
    .execute();
  return taken.length > 0;
}
