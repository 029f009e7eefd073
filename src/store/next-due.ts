import { type Kysely, sql } from "kysely";
import type { Tables } from "./tables.ts";

/** The earliest time after `now` at which an unclaimed lane may be used; each part of it is found by an index. */
export async function nextDue(db: Kysely<Tables>, now: number): Promise<number | undefined> {
  const found = [
    await nextLane(db, now, "="),
    await nextLane(db, now, ">"),
    await nextAccount(db, now),
  ];
  const times = found.filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** When the next lane opens whose account is open by then. */
async function nextLane(
  db: Kysely<Tables>,
  now: number,
  failures: "=" | ">",
): Promise<number | undefined> {
  const row = await db
    .selectFrom("lanes")
    .innerJoin("accounts", "accounts.id", "lanes.account")
    .select("lanes.due_at")
    .where("lanes.due_at", ">", now)
    .where("lanes.failures", failures, sql.lit(0))
    .where("lanes.lease_until", "is", null)
    .where("lanes.closed", "is", null)
    .whereRef("accounts.not_before", "<=", "lanes.due_at")
    .orderBy("lanes.due_at")
    .limit(1)
    .executeTakeFirst();
  return row?.due_at ?? undefined;
}

/** When the next account opens in which a lane is due by then. */
async function nextAccount(db: Kysely<Tables>, now: number): Promise<number | undefined> {
  const row = await db
    .selectFrom("accounts")
    .select("not_before")
    .where("not_before", ">", now)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom("lanes")
          .select("lanes.id")
          .whereRef("lanes.account", "=", "accounts.id")
          .whereRef("lanes.due_at", "<=", "accounts.not_before")
          .where("lanes.lease_until", "is", null),
      ),
    )
    .orderBy("not_before")
    .limit(1)
    .executeTakeFirst();
  return row?.not_before;
}
