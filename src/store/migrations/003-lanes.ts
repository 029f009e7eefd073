import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

/** What the scheduler knows of lanes and accounts, and the indexes by which it looks at nothing that is not due. */
export const lanes: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .alterTable("lanes")
      .addColumn("asked_until", "bigint", (column) => column.notNull().defaultTo(0))
      .execute();
    await db.schema.alterTable("lanes").addColumn("closed", "text").execute();
    await db.schema
      .alterTable("accounts")
      .addColumn("asked_until", "bigint", (column) => column.notNull().defaultTo(0))
      .execute();
    await db.schema.alterTable("accounts").addColumn("probe_until", "bigint").execute();
    await db.schema
      .alterTable("accounts")
      .addColumn("streak", "integer", (column) => column.notNull().defaultTo(0))
      .execute();
    await db.schema.alterTable("accounts").addColumn("failing_since", "bigint").execute();

    await db.schema.dropIndex("lanes_due").execute();
    await db.schema
      .createIndex("lanes_due_well")
      .on("lanes")
      .column("due_at")
      .where(sql.ref("due_at"), "is not", null)
      .where(sql.ref("failures"), "=", sql.lit(0))
      .execute();
    await db.schema
      .createIndex("lanes_due_troubled")
      .on("lanes")
      .column("due_at")
      .where(sql.ref("due_at"), "is not", null)
      .where(sql.ref("failures"), ">", sql.lit(0))
      .execute();
    await db.schema
      .createIndex("lanes_account")
      .on("lanes")
      .columns(["account", "due_at"])
      .execute();
    await db.schema
      .createIndex("accounts_not_before")
      .on("accounts")
      .column("not_before")
      .execute();
  },
};
