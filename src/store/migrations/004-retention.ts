import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

/** When an event's payload was pruned, and the indexes by which housekeeping finds what is old. */
export const retention: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable("events").addColumn("payload_pruned_at", "bigint").execute();
    await db.schema.createIndex("events_received").on("events").column("received_at").execute();
    await db.schema
      .createIndex("events_payloads")
      .on("events")
      .column("received_at")
      .where(sql.ref("processed_at"), "is not", null)
      .where(sql.ref("payload_pruned_at"), "is", null)
      .execute();
  },
};
