import { type Kysely, sql } from "kysely";
import type { StoreSize } from "../store.ts";
import type { Tables } from "../tables.ts";

/** What the database takes up, in bytes; its free space and its log are the server's own business. */
export async function size(db: Kysely<Tables>): Promise<StoreSize> {
  const { rows } = await sql<{
    used: number;
  }>`select pg_database_size(current_database()) as used`.execute(db);
  return { used: rows[0]?.used ?? 0, free: 0, wal: 0 };
}
