import { type Kysely, sql } from "kysely";
import type { Tables } from "../tables.ts";
import type { MovedName } from "./moved-tables.ts";

/** How many rows a table has. */
export async function countRows(db: Kysely<Tables>, table: MovedName): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from ${sql.table(table)}`.execute(db);
  return rows[0]?.count ?? 0;
}
