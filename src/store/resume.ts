import type { Transaction } from "kysely";
import type { Tables } from "./tables.ts";

/** Opens the gates of parked lanes, named by themselves or by their account, for one attempt now. */
export async function resume(
  trx: Transaction<Tables>,
  laneOrAccount: string,
  now: number,
): Promise<number> {
  const lanes = await trx
    .selectFrom("lanes")
    .innerJoin("accounts", "accounts.id", "lanes.account")
    .select(["lanes.id", "lanes.account", "lanes.due_at"])
    .where((eb) =>
      eb.or([eb("lanes.id", "=", laneOrAccount), eb("accounts.id", "=", laneOrAccount)]),
    )
    .where((eb) =>
      eb.or([eb("lanes.parked", "is not", null), eb("accounts.parked", "is not", null)]),
    )
    .execute();
  for (const lane of lanes) {
    const due = lane.due_at === null ? {} : { due_at: now };
    await trx
      .updateTable("lanes")
      .set({ not_before: now, ...due })
      .where("id", "=", lane.id)
      .execute();
    await trx
      .updateTable("accounts")
      .set({ not_before: now })
      .where("id", "=", lane.account)
      .execute();
  }
  return lanes.length;
}
