import { type Kysely, sql } from "kysely";
import type { Tables } from "../../src/store/tables.ts";

/**
 * Has `each` deliveries wait in each of so many lanes, the first of each the oldest and under way; besides, one was
 * delivered there.
 */
export async function waiting(db: Kysely<Tables>, count: number, each: number): Promise<void> {
  await sql`insert into accounts (id, not_before, failures) values ('slack:a', 0, 0)`.execute(db);
  for (let first = 0; first < count; first += PORTION) {
    const ids = Array.from({ length: Math.min(PORTION, count - first) }, (_, at) => first + at);
    await db
      .insertInto("lanes")
      .values(
        ids.map((at) => ({
          id: laneOf(at),
          account: "slack:a",
          due_at: 1,
          not_before: 0,
          failures: 0,
        })),
      )
      .execute();
    await db
      .insertInto("deliveries")
      .values(ids.flatMap((at) => deliveriesOf(at, each)))
      .execute();
  }
}

/** The id of a lane, in the order of their numbers. */
export function laneOf(at: number): string {
  return `slack:a/C${String(at).padStart(5, "0")}`;
}

/** So few that no statement has too many parameters. */
const PORTION = 100;

function deliveriesOf(at: number, each: number) {
  const base = {
    event: "evt_1",
    route: "all",
    destination: "sales",
    lane: laneOf(at),
    form: "full",
    attempts: 0,
  };
  return [
    ...Array.from({ length: each }, (_, one) => ({
      ...base,
      id: `dlv_${at}_${one}`,
      status: one === 0 ? "sending" : "pending",
      created_at: 100 + one,
    })),
    { ...base, id: `dlv_${at}_gone`, status: "delivered", created_at: 1 },
  ];
}
