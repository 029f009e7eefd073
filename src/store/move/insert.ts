import { sql, type Transaction } from "kysely";
import { isPostgres } from "../flavor.ts";
import type { Tables } from "../tables.ts";
import type { MovedTable } from "./moved-tables.ts";
import type { Row } from "./portions.ts";

/** How many rows one statement inserts into SQLite; ours: each value is a parameter, and it takes 32,766. */
const AT_ONCE = 100;

/** Inserts rows with all their columns, numbers included. */
export async function insert(
  trx: Transaction<Tables>,
  table: MovedTable,
  rows: readonly Row[],
): Promise<void> {
  if (isPostgres(trx)) return insertColumns(trx, table, rows);
  for (let start = 0; start < rows.length; start += AT_ONCE)
    await insertRows(trx, table, rows.slice(start, start + AT_ONCE));
}

/** In one statement, however many there are. */
async function insertColumns(
  trx: Transaction<Tables>,
  table: MovedTable,
  rows: readonly Row[],
): Promise<void> {
  const arrays = table.columns.map(
    ([name, kind]) => sql`${rows.map((row) => row[name])}::${sql.raw(kind)}[]`,
  );
  await sql`
    insert into ${sql.table(table.name)} (${namesOf(table)})
    select * from unnest(${sql.join(arrays)})`.execute(trx);
}

async function insertRows(
  trx: Transaction<Tables>,
  table: MovedTable,
  rows: readonly Row[],
): Promise<void> {
  const lists = rows.map((row) => sql`(${sql.join(table.columns.map(([name]) => row[name]))})`);
  await sql`
    insert into ${sql.table(table.name)} (${namesOf(table)}) values ${sql.join(lists)}`.execute(
    trx,
  );
}

function namesOf(table: MovedTable) {
  return sql.join(table.columns.map(([name]) => sql.ref(name)));
}
