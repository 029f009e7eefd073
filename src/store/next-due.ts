import { type Kysely, sql } from "kysely";
import { statement } from "./statement.ts";
import type { Tables } from "./tables.ts";

/** The earliest time after `now` at which an unclaimed lane may be used; each part of it is found by an index. */
export async function nextDue(db: Kysely<Tables>, now: number): Promise<number | undefined> {
  const found = [
    ...(await findWell(db, { now })),
    ...(await findTroubled(db, { now })),
    ...(await findAccount(db, { now })),
  ];
  const times = found.flatMap(({ at }) => at ?? []);
  return times.length === 0 ? undefined : Math.min(...times);
}

interface Now {
  readonly now: number;
}

const findWell = nextLane("=");
const findTroubled = nextLane(">");

/** When the next lane opens whose account is open by then. */
function nextLane(failures: "=" | ">") {
  return statement((db, { now }: Now) =>
    db
      .selectFrom("lanes")
      .innerJoin("accounts", "accounts.id", "lanes.account")
      .select("lanes.due_at as at")
      .where("lanes.due_at", ">", now)
      .where("lanes.failures", failures, sql.lit(0))
      .where("lanes.lease_until", "is", null)
      .where("lanes.closed", "is", null)
      .whereRef("accounts.not_before", "<=", "lanes.due_at")
      .orderBy("lanes.due_at")
      .limit(1),
  );
}

/** When the next account opens in which a lane is due by then. */
const findAccount = statement((db, { now }: Now) =>
  db
    .selectFrom("accounts")
    .select("not_before as at")
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
    .limit(1),
);
