import { sql, type Transaction } from "kysely";
import { given } from "./flavor.ts";
import { WAITING } from "./literals.ts";
import { statement } from "./statement.ts";
import type { DeliveryRow, EventRow, Tables } from "./tables.ts";

/** The delivery that is next in a lane, with what its event is known by. */
export interface Head
  extends
    Omit<DeliveryRow, "seq" | "rendered" | "status" | "next_attempt_at">,
    Pick<EventRow, "source" | "received_at" | "changes"> {
  /** The length of the event's payload. */
  readonly bytes: number;
}

/** The deliveries that wait longest in lanes, by the lanes' ids; a lane in which nothing waits is left out. */
export async function headsOf(
  trx: Transaction<Tables>,
  lanes: readonly string[],
): Promise<ReadonlyMap<string, Head>> {
  const heads = await findHeads(trx, { rows: lanes.map((id) => ({ id })) });
  return new Map(heads.map((head) => [head.lane, head]));
}

const findHeads = statement((db, { rows }: { readonly rows: readonly { id: string }[] }) =>
  db
    .selectFrom(given(db, { id: "text" }, rows))
    .innerJoin("deliveries", (join) =>
      join.on("deliveries.seq", "=", (eb) =>
        eb
          .selectFrom("deliveries as waiting")
          .select("waiting.seq")
          .whereRef("waiting.lane", "=", "given.id")
          .where("waiting.status", "in", WAITING)
          .orderBy("waiting.seq")
          .limit(1),
      ),
    )
    .innerJoin("events", "events.id", "deliveries.event")
    .select([
      "deliveries.id",
      "deliveries.event",
      "deliveries.route",
      "deliveries.destination",
      "deliveries.lane",
      "deliveries.template",
      "deliveries.form",
      "deliveries.attempts",
      "deliveries.created_at",
      "deliveries.last_error",
      "deliveries.ref",
      "deliveries.replay_of",
      "events.source",
      "events.received_at",
      "events.changes",
    ])
    .select(sql<number>`length(events.body)`.as("bytes")),
);
