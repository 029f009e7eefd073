import { type Transaction, sql } from "kysely";
import { given, isPostgres } from "./flavor.ts";
import type { Tables } from "./tables.ts";

/**
 * Holds lanes for a transaction. Whoever begins, ends, moves or gives up on deliveries of a lane holds it first, and whoever
 * adds some, before they can be seen: what a statement behind this one finds in the lane is then all that waits there, and
 * none of it is lost to another bridge meanwhile. In the order of their ids, so that no two bridges wait for each other.
 */
export async function lockLanes(trx: Transaction<Tables>, lanes: readonly string[]): Promise<void> {
  if (!isPostgres(trx) || lanes.length === 0) return;
  const rows = [...new Set(lanes)].map((id) => ({ id }));
  await trx
    .selectFrom("lanes")
    .select("id")
    .where("id", "in", trx.selectFrom(given(trx, { id: "text" }, rows)).select("given.id"))
    .orderBy("id")
    .forUpdate()
    .execute();
}

/** Holds all lanes, those too that come to be, while others still read them. */
export async function lockAllLanes(trx: Transaction<Tables>): Promise<void> {
  if (isPostgres(trx)) await sql`lock table lanes in exclusive mode`.execute(trx);
}
