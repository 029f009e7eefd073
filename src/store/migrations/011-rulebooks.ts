import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** What the routes of a config can say, once for all events, whose verdicts point into it. */
export const rulebooks: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable("rulebooks")
      .addColumn("id", "text", (column) => column.primaryKey())
      .addColumn("routes", "text", (column) => column.notNull())
      .addColumn("used_at", "bigint", (column) => column.notNull())
      .execute();
    await db.schema.alterTable("events").addColumn("verdicts", "text").execute();
  },
};
