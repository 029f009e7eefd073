import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** What bridges on one database share: duties, turns at what platforms limit, and which versions may work on it. */
export const bridges: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable("duties")
      .addColumn("name", "text", (column) => column.primaryKey())
      .addColumn("owner", "text", (column) => column.notNull())
      .addColumn("lease_until", "bigint", (column) => column.notNull())
      .execute();
    await db.schema
      .createTable("turns")
      .addColumn("name", "text", (column) => column.primaryKey())
      .addColumn("next_at", "bigint", (column) => column.notNull())
      .addColumn("closed_until", "bigint", (column) => column.notNull())
      .execute();
    await db.schema
      .createTable("compatibility")
      .addColumn("id", "integer", (column) => column.primaryKey())
      .addColumn("oldest", "text", (column) => column.notNull())
      .execute();
  },
};
