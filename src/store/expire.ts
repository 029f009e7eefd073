import type { Transaction } from "kysely";
import { WAITING } from "./literals.ts";
import { report } from "./report.ts";
import type { ExpireRequest } from "./store.ts";
import type { Tables } from "./tables.ts";

/** The most deliveries that one call gives up on; ours: it bounds how long intake waits for the store. */
const MAX_EXPIRED = 200;

/** Gives up on deliveries that wait for too long, the oldest first, but on none that is under way. */
export async function expire(
  trx: Transaction<Tables>,
  { before, now, toReports }: ExpireRequest,
): Promise<string[]> {
  const rows = await trx
    .selectFrom("deliveries")
    .select(["seq", "destination"])
    .where("status", "in", WAITING)
    .where("status", "=", "pending")
    .where("created_at", "<=", before)
    .orderBy("created_at")
    .limit(MAX_EXPIRED)
    .execute();
  if (rows.length === 0) return [];
  await trx
    .updateTable("deliveries")
    .set({ status: "dead", next_attempt_at: null })
    .where(
      "seq",
      "in",
      rows.map((row) => row.seq),
    )
    .execute();
  const destinations = rows.map((row) => row.destination);
  await report(trx, toReports(destinations), now);
  return destinations;
}
