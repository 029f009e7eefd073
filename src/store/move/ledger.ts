import { type Kysely, sql, type Transaction } from "kysely";
import { BridgeError } from "../../core/error.ts";
import { isPostgres } from "../flavor.ts";
import { MOVING } from "../migrate.ts";
import type { MoveEnd } from "../move-end.ts";
import type { Tables } from "../tables.ts";
import { NOTHING, type Tally } from "./checksum.ts";
import { MOVED_TABLES, type MovedName, type MovedTable } from "./moved-tables.ts";
import type { Place } from "./portions.ts";

/** How far a table has been moved. */
export interface Entry extends Tally {
  /** The place in the old store of the last row that is in the new one; `null` before the first. */
  readonly last: Place | null;
}

/** How far each table has been moved; it is kept in the new store, beside what it speaks of. */
export type Ledger = ReadonlyMap<MovedName, Entry>;

interface WithMoves extends Tables {
  moves: { name: string; last: string | null; rows: number; checksum: string };
}

/** What a ledger says of a table. */
export function entryOf(ledger: Ledger, { name }: MovedTable): Entry {
  const entry = ledger.get(name);
  if (entry === undefined) throw new TypeError(`The ledger has no ${name}.`);
  return entry;
}

/** How many rows a ledger speaks of. */
export function rowsIn(ledger: Ledger): number {
  return [...ledger.values()].reduce((sum, { rows }) => sum + rows, 0);
}

/** The ledger of a database, whether or not the move came to its end; `undefined` where no store was moved to it. */
export async function readLedger(db: Kysely<Tables>): Promise<Ledger | undefined> {
  if (!(await hasTable(db))) return undefined;
  const rows = await withMoves(db).selectFrom("moves").selectAll().execute();
  const entries = new Map(
    rows.map(({ name, last, ...tally }) => [
      name as MovedName,
      { ...tally, last: last === null ? null : (JSON.parse(last) as Place) },
    ]),
  );
  return MOVED_TABLES.every(({ name }) => entries.has(name)) ? entries : undefined;
}

/** Empties a database, which then has a ledger of nothing, and no bridge can start on it. */
export async function beginLedger({ db }: MoveEnd): Promise<Ledger> {
  await db.transaction().execute(async (trx) => {
    await empty(trx);
    await trx.schema
      .createTable("moves")
      .ifNotExists()
      .addColumn("name", "text", (column) => column.primaryKey())
      .addColumn("last", "text")
      .addColumn("rows", "bigint", (column) => column.notNull())
      .addColumn("checksum", "text", (column) => column.notNull())
      .execute();
    await forget(trx);
    await withMoves(trx)
      .insertInto("moves")
      .values(MOVED_TABLES.map(({ name }) => ({ name, last: null, ...NOTHING })))
      .execute();
    await sql`insert into kysely_migration (name, timestamp) values (${MOVING}, '') on conflict do nothing`.execute(
      trx,
    );
  });
  return new Map(MOVED_TABLES.map(({ name }) => [name, { last: null, ...NOTHING }]));
}

async function empty(trx: Transaction<Tables>): Promise<void> {
  const names = [...MOVED_TABLES.map(({ name }) => name), "duties"].map((name) => sql.table(name));
  if (isPostgres(trx)) await sql`truncate ${sql.join(names)} restart identity`.execute(trx);
  else for (const name of names) await sql`delete from ${name}`.execute(trx);
}

/** Has the next run begin anew. */
export async function forget(trx: Kysely<Tables>): Promise<void> {
  await withMoves(trx).deleteFrom("moves").execute();
}

/**
 * Writes down how far a table has been moved, in the transaction that moves it that far.
 * Throws a `BridgeError` when somebody else has written to the database.
 */
export async function advance(
  trx: Transaction<Tables>,
  { name }: MoveEnd,
  table: MovedName,
  { from, to }: { readonly from: Entry; readonly to: Entry },
): Promise<void> {
  const { numUpdatedRows } = await withMoves(trx)
    .updateTable("moves")
    .set({ last: JSON.stringify(to.last), rows: to.rows, checksum: to.checksum })
    .where("name", "=", table)
    .where("rows", "=", from.rows)
    .where((eb) => eb.not(eb.exists(eb.selectFrom("duties").select("name"))))
    .executeTakeFirstOrThrow();
  if (numUpdatedRows === 1n) return;
  throw new BridgeError(
    "store-in-use",
    `${name} is in use: a bridge or another move writes to it.`,
    {
      hint: "Stop that, and run this again: it begins anew where it has to.",
    },
  );
}

/** Lets bridges start on a database. */
export async function finishLedger(trx: Transaction<Tables>): Promise<void> {
  await sql`delete from kysely_migration where name = ${MOVING}`.execute(trx);
}

async function hasTable(db: Kysely<Tables>): Promise<boolean> {
  const { rows } = await (
    isPostgres(db)
      ? sql`select 1 where to_regclass('moves') is not null`
      : sql`select 1 from sqlite_master where name = 'moves'`
  ).execute(db);
  return rows.length > 0;
}

function withMoves(db: Kysely<Tables>): Kysely<WithMoves> {
  return db.withTables<Pick<WithMoves, "moves">>();
}
