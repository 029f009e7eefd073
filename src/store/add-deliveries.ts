import { sql, type Transaction } from "kysely";
import { given } from "./flavor.ts";
import { openLanes } from "./open-lanes.ts";
import { statement } from "./statement.ts";
import type { NewDelivery } from "./store.ts";
import type { DeliveryRow, Tables } from "./tables.ts";

/** A delivery to be made of an event. */
interface AddedDelivery extends NewDelivery {
  readonly event: string;
}

/** Adds deliveries to their lanes, in order. */
export async function addDeliveries(
  trx: Transaction<Tables>,
  deliveries: readonly AddedDelivery[],
  now: number,
): Promise<void> {
  if (deliveries.length === 0) return;
  // First, as it locks them: what another bridge adds to a lane then has its number after ours, or was committed before.
  await openLanes(trx, deliveries, now);
  const rows = deliveries.map(({ id, event, route, destination, lane, template }) => ({
    id,
    event,
    route,
    destination,
    lane,
    template,
  }));
  await insertDeliveries(trx, { rows, now });
}

type AddedRow = Pick<DeliveryRow, "id" | "event" | "route" | "destination" | "lane" | "template">;

const ADDED = {
  id: "text",
  event: "text",
  route: "text",
  destination: "text",
  lane: "text",
  template: "text",
} as const;

const insertDeliveries = statement(
  (db, { rows, now }: { readonly rows: readonly AddedRow[]; readonly now: number }) =>
    db
      .insertInto("deliveries")
      .columns([
        "id",
        "event",
        "route",
        "destination",
        "lane",
        "template",
        "status",
        "form",
        "attempts",
        "created_at",
        "next_attempt_at",
      ])
      .expression(
        db
          .selectFrom(given(db, ADDED, rows))
          .select((eb) => [
            "id",
            "event",
            "route",
            "destination",
            "lane",
            "template",
            sql<string>`${sql.lit("pending")}`.as("status"),
            sql<string>`${sql.lit("full")}`.as("form"),
            eb.lit(0).as("attempts"),
            sql<number>`cast(${now} as bigint)`.as("created_at"),
            sql<number>`cast(${now} as bigint)`.as("next_attempt_at"),
          ]),
      ),
);
