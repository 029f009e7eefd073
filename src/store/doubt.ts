import type { Transaction } from "kysely";
import { given } from "./flavor.ts";
import type { Tables } from "./tables.ts";

/** Attempts that may have posted a message; times in milliseconds since the epoch. */
export interface Doubt {
  /** When the first of them began. */
  readonly since: number;
  /** When the last of them ended; when its bridge died during it, by when it had. */
  readonly until: number;
}

/**
 * The deliveries of which an earlier attempt may have posted the message; one without an outcome was under way when its
 * bridge died, and so had ended by the attempt that came after it, or by `now`.
 */
export async function doubtsOf(
  trx: Transaction<Tables>,
  deliveries: readonly string[],
  now: number,
): Promise<ReadonlyMap<string, Doubt>> {
  if (deliveries.length === 0) return new Map();
  const rows = deliveries.map((delivery) => ({ delivery }));
  const doubtful = trx
    .selectFrom("attempts as doubtful")
    .innerJoin(given(trx, { delivery: "text" }, rows), "given.delivery", "doubtful.delivery")
    .where((eb) =>
      eb.or([eb("doubtful.outcome", "is", null), eb("doubtful.outcome", "=", "unknown")]),
    )
    .groupBy("doubtful.delivery")
    .select((eb) => [
      "doubtful.delivery",
      eb.fn.min("doubtful.number").as("first"),
      eb.fn.max("doubtful.number").as("last"),
    ]);
  const found = await trx
    .selectFrom(doubtful.as("doubt"))
    .innerJoin("attempts as first", (join) =>
      join.onRef("first.delivery", "=", "doubt.delivery").onRef("first.number", "=", "doubt.first"),
    )
    .innerJoin("attempts as last", (join) =>
      join.onRef("last.delivery", "=", "doubt.delivery").onRef("last.number", "=", "doubt.last"),
    )
    .leftJoin("attempts as next", (join) =>
      join
        .onRef("next.delivery", "=", "doubt.delivery")
        .on((eb) => eb("next.number", "=", eb("doubt.last", "+", eb.lit(1)))),
    )
    .select([
      "doubt.delivery",
      "first.started_at as since",
      "last.ended_at as until",
      "next.started_at as next",
    ])
    .execute();
  return new Map(
    found.map(({ delivery, since, until, next }) => [
      delivery,
      { since, until: until ?? next ?? now },
    ]),
  );
}
