import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

/** The indexes by which the few lanes and accounts are found that are parked or closed for good. */
export const parked: Migration = {
  async up(db: Kysely<unknown>) {
    for (const [table, column] of [
      ["lanes", "parked"],
      ["lanes", "closed"],
      ["accounts", "parked"],
    ] as const)
      await db.schema
        .createIndex(`${table}_${column}`)
        .on(table)
        .column("id")
        .where(sql.ref(column), "is not", null)
        .execute();
  },
};
