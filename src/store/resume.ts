import type { Transaction } from "kysely";
import type { Reason } from "../core/outcome.ts";
import { openingAt } from "./opening.ts";
import type { Resumed } from "./store.ts";
import type { Tables } from "./tables.ts";

/** Opens the gates of parked lanes, named by themselves or by their account, for one attempt as soon as may be. */
export async function resume(
  trx: Transaction<Tables>,
  laneOrAccount: string,
  now: number,
): Promise<Resumed> {
  const lanes = await trx
    .selectFrom("lanes")
    .innerJoin("accounts", "accounts.id", "lanes.account")
    .select(["lanes.id", "lanes.account", "lanes.due_at", "lanes.closed"])
    .where((eb) =>
      eb.or([eb("lanes.id", "=", laneOrAccount), eb("accounts.id", "=", laneOrAccount)]),
    )
    .where((eb) =>
      eb.or([eb("lanes.parked", "is not", null), eb("accounts.parked", "is not", null)]),
    )
    .execute();
  const closed: Reason[] = [];
  for (const lane of lanes) {
    if (lane.closed !== null) {
      closed.push(JSON.parse(lane.closed) as Reason);
      continue;
    }
    await trx
      .updateTable("lanes")
      .set({ not_before: openingAt(now), ...(lane.due_at !== null && { due_at: openingAt(now) }) })
      .where("id", "=", lane.id)
      .execute();
    await trx
      .updateTable("accounts")
      .set({ not_before: openingAt(now) })
      .where("id", "=", lane.account)
      .where("parked", "is not", null)
      .execute();
  }
  return { lanes: lanes.length - closed.length, closed };
}
