import { sql } from "kysely";

/** When a lane or an account opens at the earliest: now, but never inside a wait that the platform asked for. */
export function openingAt(now: number) {
  return sql<number>`case when asked_until > ${now} then asked_until else ${now} end`;
}
