import type { ExpressionBuilder, Transaction } from "kysely";
import { WAITING } from "./literals.ts";
import { lockLanes } from "./lock-lanes.ts";
import { report, timed } from "./report.ts";
import { seqUntil } from "./seq-bounds.ts";
import type { ExpireRequest } from "./store.ts";
import type { Tables } from "./tables.ts";

/** The most deliveries that one call gives up on; ours: it bounds how long intake waits for the store. */
const MAX_EXPIRED = 200;

/**
 * Gives up on deliveries that wait for too long in lanes that are parked or closed, the oldest of a lane first, but on none
 * that is under way. In all other lanes each delivery's own attempt decides.
 */
export async function expire(
  trx: Transaction<Tables>,
  { before, now, toReports }: ExpireRequest,
): Promise<string[]> {
  const rows = await trx
    .selectFrom((eb) => parkedLanes(eb).as("parked"))
    // Crossed, so that the database begins with the lanes, which are few, and not with all that waits.
    .crossJoin("deliveries")
    .select(["deliveries.seq", "deliveries.lane"])
    .whereRef("deliveries.lane", "=", "parked.id")
    .where("deliveries.seq", "<=", seqUntil("deliveries", before))
    .where("deliveries.status", "in", WAITING)
    .where("deliveries.status", "=", "pending")
    .where("deliveries.created_at", "<=", before)
    .limit(MAX_EXPIRED)
    .execute();
  if (rows.length === 0) return [];
  const lanes = [...new Set(rows.map((row) => row.lane))];
  await lockLanes(trx, lanes);
  const dead = await trx
    .updateTable("deliveries")
    .set({ status: "dead", next_attempt_at: null })
    .where(
      "seq",
      "in",
      rows.map((row) => row.seq),
    )
    // Until its lane was held, another bridge may have begun or moved one.
    .where("status", "=", "pending")
    .where("lane", "in", lanes)
    .returning("destination")
    .execute();
  const destinations = dead.map((row) => row.destination);
  await report(trx, timed(now, toReports(destinations)));
  return destinations;
}

/** Three lists, so that each is found by an index and lanes that are well are not looked at. */
function parkedLanes(eb: ExpressionBuilder<Tables, never>) {
  const parked = eb.selectFrom("lanes").select("lanes.id").where("lanes.parked", "is not", null);
  const closed = eb.selectFrom("lanes").select("lanes.id").where("lanes.closed", "is not", null);
  const accounts = eb.selectFrom("accounts").select("id").where("parked", "is not", null);
  const ofAccounts = eb
    .selectFrom("lanes")
    .select("lanes.id")
    .where("lanes.account", "in", accounts);
  return parked.union(closed).union(ofAccounts);
}
