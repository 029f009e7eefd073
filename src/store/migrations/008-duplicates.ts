import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** How often a webhook came again after its event was kept, and when that last was. */
export const duplicates: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .alterTable("events")
      .addColumn("duplicates", "integer", (column) => column.notNull().defaultTo(0))
      .execute();
    await db.schema.alterTable("events").addColumn("duplicate_at", "bigint").execute();
  },
};
