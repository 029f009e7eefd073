import { setImmediate } from "node:timers/promises";
import type { Kysely } from "kysely";
import type { Reason } from "../core/outcome.ts";
import { WAITING } from "./literals.ts";
import type { LaneRecord } from "./store.ts";
import type { Tables } from "./tables.ts";

/** The most lanes that one query counts; ours: everything else in the process waits for it. */
const PORTION = 500;

/** Lanes in which something waits or that are parked, by their ids; each portion as it is when its turn comes. */
export async function lanes(db: Kysely<Tables>): Promise<LaneRecord[]> {
  const found: LaneRecord[] = [];
  for (;;) {
    const portion = await lanesAfter(db, found.at(-1)?.lane ?? "");
    found.push(...portion);
    if (portion.length < PORTION) return found;
    await setImmediate();
  }
}

async function lanesAfter(db: Kysely<Tables>, last: string): Promise<LaneRecord[]> {
  const rows = await db
    .selectFrom("lanes")
    .innerJoin("accounts", "accounts.id", "lanes.account")
    .select(["lanes.id", "lanes.account", "lanes.parked", "accounts.parked as account_parked"])
    // Two subqueries, so that the rows of all that waits are never read: the index alone tells how many there are.
    .select((eb) => [
      eb
        .selectFrom("deliveries")
        .select(eb.fn.countAll<number>().as("count"))
        .whereRef("deliveries.lane", "=", "lanes.id")
        .where("deliveries.status", "in", WAITING)
        .as("waiting"),
      eb
        .selectFrom("deliveries")
        .select("deliveries.created_at")
        .whereRef("deliveries.lane", "=", "lanes.id")
        .where("deliveries.status", "in", WAITING)
        .orderBy("deliveries.seq")
        .limit(1)
        .as("oldest"),
    ])
    .where((eb) =>
      eb.or([
        eb("lanes.due_at", "is not", null),
        eb("lanes.parked", "is not", null),
        eb("accounts.parked", "is not", null),
      ]),
    )
    .where("lanes.id", ">", last)
    .orderBy("lanes.id")
    .limit(PORTION)
    .execute();
  return rows.map((row) => ({
    lane: row.id,
    account: row.account,
    waiting: row.waiting ?? 0,
    oldestAt: row.oldest,
    parked: reason(row.parked ?? row.account_parked),
  }));
}

/** How many events are not processed yet. */
export async function backlog(db: Kysely<Tables>): Promise<number> {
  const row = await db
    .selectFrom("events")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("status", "=", "stored")
    .executeTakeFirstOrThrow();
  return row.count;
}

/** When the oldest event that is not processed yet was received. */
export async function oldestEvent(db: Kysely<Tables>): Promise<number | undefined> {
  const row = await db
    .selectFrom("events")
    .select("received_at")
    .where("status", "=", "stored")
    .orderBy("seq")
    .limit(1)
    .executeTakeFirst();
  return row?.received_at;
}

/** How many accounts are parked. */
export async function parkedAccounts(db: Kysely<Tables>): Promise<number> {
  const row = await db
    .selectFrom("accounts")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("parked", "is not", null)
    .executeTakeFirstOrThrow();
  return row.count;
}

/** Reads JSON that this store wrote. */
function reason(text: string | null): Reason | null {
  return text === null ? null : (JSON.parse(text) as Reason);
}
