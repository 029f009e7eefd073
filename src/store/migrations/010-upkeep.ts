import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";
import { isPostgres } from "../flavor.ts";

/**
 * How PostgreSQL keeps tables in shape that are written all the time. SQLite has nothing of the sort.
 * https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-STORAGE-PARAMETERS
 */
export const upkeep: Migration = {
  async up(db: Kysely<unknown>) {
    if (!isPostgres(db)) return;
    // Nothing reads it, and every delivery is written into it twice.
    await db.schema.dropIndex("deliveries_waiting_since").execute();
    // A fifth of all rows, as is usual, would be weeks of them: dead ones are in the way of whoever looks for what waits.
    for (const table of ["events", "deliveries", "attempts", "snapshots"])
      await set(db, table, {
        autovacuum_vacuum_scale_factor: 0.02,
        autovacuum_vacuum_insert_scale_factor: 0.05,
        autovacuum_analyze_scale_factor: 0.02,
      });
    // Few rows that change with every message: there is room for that beside them, and what they were goes at once.
    for (const table of ["lanes", "accounts", "duties", "turns", "reports"])
      await set(db, table, {
        fillfactor: 50,
        autovacuum_vacuum_scale_factor: 0.05,
        autovacuum_vacuum_threshold: 500,
        autovacuum_vacuum_cost_delay: 0,
      });
    // An attempt is written twice, within seconds.
    await set(db, "attempts", { fillfactor: 85 });
  },
};

async function set(
  db: Kysely<unknown>,
  table: string,
  parameters: Readonly<Record<string, number>>,
): Promise<void> {
  const list = Object.entries(parameters).map(([name, value]) => `${name} = ${value}`);
  await sql`alter table ${sql.table(table)} set (${sql.raw(list.join(", "))})`.execute(db);
}
