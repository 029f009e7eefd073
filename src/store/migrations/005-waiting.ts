import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";
import { WAITING } from "../literals.ts";

/** With the status in the index of what waits, it alone tells how much waits in a lane. */
export const waiting: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.dropIndex("deliveries_waiting").execute();
    await db.schema
      .createIndex("deliveries_waiting")
      .on("deliveries")
      .columns(["lane", "seq", "status"])
      .where(sql.ref("status"), "in", [...WAITING])
      .execute();
  },
};
