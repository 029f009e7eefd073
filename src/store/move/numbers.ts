import { type Kysely, sql, type Transaction } from "kysely";
import { isPostgres } from "../flavor.ts";
import type { Tables } from "../tables.ts";
import { MOVED_TABLES, type MovedName } from "./moved-tables.ts";

/** The highest number that a table has ever given to a row, which may be gone since; 0 before the first. */
async function highest(db: Kysely<Tables>, table: MovedName): Promise<number> {
  const given = isPostgres(db)
    ? sql<number>`pg_sequence_last_value(${sequenceOf(table)})`
    : sql<number>`(select seq from sqlite_sequence where name = ${table})`;
  const { rows } = await sql<{ given: number; there: number }>`
    select coalesce(${given}, 0) as given, coalesce(max(seq), 0) as there
    from ${sql.table(table)}`.execute(db);
  return Math.max(0, ...rows.flatMap((row) => [row.given, row.there]));
}

/** Has all tables go on with the numbers behind those that the old store has given. */
export async function carryNumbers(
  origin: Kysely<Tables>,
  trx: Transaction<Tables>,
): Promise<void> {
  for (const { name, isNumbered } of MOVED_TABLES) {
    const last = isNumbered ? await highest(origin, name) : 0;
    if (last > 0) await goOnBehind(trx, name, last);
  }
}

async function goOnBehind(trx: Transaction<Tables>, table: MovedName, last: number): Promise<void> {
  if (isPostgres(trx)) {
    await sql`select setval(${sequenceOf(table)}, ${last})`.execute(trx);
    return;
  }
  await sql`delete from sqlite_sequence where name = ${table}`.execute(trx);
  await sql`insert into sqlite_sequence (name, seq) values (${table}, ${last})`.execute(trx);
}

function sequenceOf(table: MovedName) {
  return sql`pg_get_serial_sequence(${sql.lit(table)}, 'seq')::regclass`;
}
