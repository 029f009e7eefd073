import type { Transaction } from "kysely";
import { given } from "./flavor.ts";
import { lockLanes } from "./lock-lanes.ts";
import { isProbe } from "./probe.ts";
import type { ExtendRequest } from "./store.ts";
import type { Tables } from "./tables.ts";

/** Holds lanes for longer, and goes on probing their accounts; one that another bridge took over stays that one's. */
export async function extend(
  trx: Transaction<Tables>,
  { held, now, leaseMs }: ExtendRequest,
): Promise<void> {
  if (held.length === 0) return;
  await lockLanes(
    trx,
    held.map(({ lane }) => lane),
  );
  const rows = held.map(({ lane, owner }) => ({ lane, owner }));
  const kept = await trx
    .updateTable("lanes")
    .from(given(trx, { lane: "text", owner: "text" }, rows))
    .set({ lease_until: now + leaseMs })
    .whereRef("lanes.id", "=", "given.lane")
    .whereRef("lanes.owner", "=", "given.owner")
    .returning("lanes.id")
    .execute();
  const lanes = new Set(kept.map(({ id }) => id));
  const probed = held.filter((one) => isProbe(one) && lanes.has(one.lane));
  const accounts = new Set(probed.map(({ account }) => account));
  // One at a time, in the order in which attempts end in them.
  for (const account of [...accounts].toSorted())
    await trx
      .updateTable("accounts")
      .set({ probe_until: now + leaseMs })
      .where("id", "=", account)
      .where("probe_until", "is not", null)
      .execute();
}
