import type { Transaction } from "kysely";
import type { Reason } from "../core/outcome.ts";
import { given } from "./flavor.ts";
import { lockLanes } from "./lock-lanes.ts";
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
    .select(["lanes.id", "lanes.account", "lanes.closed"])
    .where((eb) =>
      eb.or([eb("lanes.id", "=", laneOrAccount), eb("accounts.id", "=", laneOrAccount)]),
    )
    .where((eb) =>
      eb.or([eb("lanes.parked", "is not", null), eb("accounts.parked", "is not", null)]),
    )
    .execute();
  const closed = lanes.flatMap((lane) => (lane.closed === null ? [] : [lane.closed]));
  const open = lanes.filter((lane) => lane.closed === null);
  await openGates(
    trx,
    open.map(({ id }) => id),
    now,
  );
  for (const account of new Set(open.map((lane) => lane.account)))
    await trx
      .updateTable("accounts")
      .set({ not_before: openingAt(now) })
      .where("id", "=", account)
      .where("parked", "is not", null)
      .execute();
  return { lanes: open.length, closed: closed.map((why) => JSON.parse(why) as Reason) };
}

/** A lane in which nothing waits is due at no time. */
async function openGates(
  trx: Transaction<Tables>,
  lanes: readonly string[],
  now: number,
): Promise<void> {
  await lockLanes(trx, lanes);
  const rows = lanes.map((id) => ({ id }));
  await trx
    .updateTable("lanes")
    .set((eb) => ({
      not_before: openingAt(now),
      due_at: eb.case().when("due_at", "is not", null).then(openingAt(now)).end(),
    }))
    .where("id", "in", trx.selectFrom(given(trx, { id: "text" }, rows)).select("given.id"))
    .execute();
}
