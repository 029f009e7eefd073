import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** What the operator is to be told: one row a cause, so that reports fold, also over a restart. */
export const reports: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable("reports")
      .addColumn("cause", "text", (column) => column.primaryKey())
      .addColumn("text", "text", (column) => column.notNull())
      .addColumn("count", "integer", (column) => column.notNull())
      .addColumn("first_at", "bigint", (column) => column.notNull())
      .addColumn("told_at", "bigint", (column) => column.notNull())
      .execute();
  },
};
