import type { Transaction } from "kysely";
import type { Tables } from "./tables.ts";

/** Attempts that may have posted a message; times in milliseconds since the epoch. */
export interface Doubt {
  /** When the first of them began. */
  readonly since: number;
  /** When the last of them ended; `null` when its bridge died during it. */
  readonly until: number | null;
}

/** Whether an earlier attempt may have posted the message; one without an outcome was under way when its bridge died. */
export async function doubtOf(trx: Transaction<Tables>, delivery: string): Promise<Doubt | null> {
  const doubtful = trx
    .selectFrom("attempts")
    .select(["started_at", "ended_at"])
    .where("delivery", "=", delivery)
    .where((eb) => eb.or([eb("outcome", "is", null), eb("outcome", "=", "unknown")]))
    .limit(1);
  const first = await doubtful.orderBy("number").executeTakeFirst();
  if (first === undefined) return null;
  const last = await doubtful.orderBy("number", "desc").executeTakeFirstOrThrow();
  return { since: first.started_at, until: last.ended_at };
}
