import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** What one bridge does for all, and which versions of Bellhop may work on the store. */
export const duties: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable("duties")
      .addColumn("name", "text", (column) => column.primaryKey())
      .addColumn("owner", "text", (column) => column.notNull())
      .addColumn("lease_until", "bigint", (column) => column.notNull())
      .execute();
    await db.schema
      .createTable("compatibility")
      .addColumn("id", "integer", (column) => column.primaryKey())
      .addColumn("oldest", "text", (column) => column.notNull())
      .execute();
  },
};
