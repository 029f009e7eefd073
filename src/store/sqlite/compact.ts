import { type Kysely, sql, type Transaction } from "kysely";
import type { Tables } from "../tables.ts";

/** The most pages that one call gives back; ours: it bounds how long intake waits for the store. */
const MAX_PAGES = 100;

/** The share of free pages, and their number, that the file keeps to fill again; ours. */
const KEPT = { share: 0.2, pages: 1_000 } as const;

/**
 * Gives disk space that pruning freed back, a portion at a call; `false` when little enough is free.
 * A store without `auto_vacuum` keeps its size and fills it again. https://www.sqlite.org/pragma.html#pragma_incremental_vacuum
 */
export async function compact(
  db: Kysely<Tables>,
  write: <T>(work: (trx: Transaction<Tables>) => Promise<T>) => Promise<T>,
): Promise<boolean> {
  if (await write(vacuum)) return true;
  await checkpoint(db);
  return false;
}

async function vacuum(trx: Transaction<Tables>): Promise<boolean> {
  const before = await pages(trx);
  const surplus = before.free - Math.max(KEPT.pages, Math.floor(before.all * KEPT.share));
  if (surplus <= 0) return false;
  // One row is one page, and Kysely takes a statement without columns one row far.
  for (let page = 0; page < Math.min(surplus, MAX_PAGES); page += 1)
    await sql`pragma incremental_vacuum(1)`.execute(trx);
  return (await pages(trx)).free < before.free;
}

/** Writes the log into the database and empties it, unless somebody reads from it; the file of the store shrinks only then. */
async function checkpoint(db: Kysely<Tables>): Promise<void> {
  await sql`pragma wal_checkpoint(truncate)`.execute(db);
}

async function pages(trx: Transaction<Tables>): Promise<{ free: number; all: number }> {
  const { rows } = await sql<{ free: number; all: number }>`
    select freelist_count as "free", page_count as "all" from pragma_freelist_count, pragma_page_count
  `.execute(trx);
  return rows[0] ?? { free: 0, all: 0 };
}
