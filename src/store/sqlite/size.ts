import { stat } from "node:fs/promises";
import { type Kysely, sql } from "kysely";
import type { StoreSize } from "../store.ts";
import type { Tables } from "../tables.ts";

/** What the database and its write-ahead log take up, in bytes. */
export async function size(db: Kysely<Tables>): Promise<StoreSize> {
  const { rows } = await sql<Pages>`
    select page_size, page_count, freelist_count, file
    from pragma_page_size, pragma_page_count, pragma_freelist_count, pragma_database_list
    where name = 'main'`.execute(db);
  const [pages] = rows;
  if (pages === undefined) return { used: 0, free: 0, wal: 0 };
  const free = pages.freelist_count * pages.page_size;
  return {
    used: pages.page_count * pages.page_size - free,
    free,
    wal: pages.file === "" ? 0 : await bytesOf(`${pages.file}-wal`),
  };
}

interface Pages {
  readonly page_size: number;
  readonly page_count: number;
  readonly freelist_count: number;
  /** The database's absolute path; empty when it is in memory. */
  readonly file: string;
}

async function bytesOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  return found?.size ?? 0;
}
