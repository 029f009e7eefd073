import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** The indexes by which the deliveries of a time are found, and the newest events of a source. */
export const times: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createIndex("deliveries_created")
      .on("deliveries")
      .column("created_at")
      .execute();
    await db.schema.createIndex("events_source").on("events").columns(["source", "seq"]).execute();
  },
};
