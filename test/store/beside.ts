import Database from "better-sqlite3";
import { Kysely, type RawBuilder, sql } from "kysely";
import { connect } from "../../src/store/postgres/open.ts";
import type { StoreSettings } from "../../src/store/settings.ts";
import { sqliteDialect } from "../../src/store/sqlite/dialect.ts";
import type { Tables } from "../../src/store/tables.ts";

/** Runs a statement on a store, beside the bridge that is at it, and gives back the rows. */
export async function beside<Row>(
  settings: StoreSettings,
  statement: RawBuilder<Row>,
): Promise<Row[]> {
  return withDatabase(settings, async (db) => (await statement.execute(db)).rows);
}

/** Works on a store with a connection of its own, which then ends. */
export async function withDatabase<T>(
  settings: StoreSettings,
  work: (db: Kysely<Tables>) => Promise<T>,
): Promise<T> {
  const { db, close } = open(settings);
  try {
    return await work(db);
  } finally {
    await close();
  }
}

/**
 * Has a store refuse all writes, in SQLite because another program holds its lock, in PostgreSQL because its disk is full;
 * gives back what ends that.
 */
export async function refuseWrites(settings: StoreSettings): Promise<() => Promise<void>> {
  if (settings.kind === "postgres") return fillDisk(settings);
  const other = new Database(settings.path);
  other.exec("begin immediate");
  return async () => {
    other.exec("rollback");
    other.close();
  };
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
async function fillDisk(settings: StoreSettings): Promise<() => Promise<void>> {
  const names = ["accounts", "deliveries", "events", "lanes", "reports"];
  const on = (make: (table: RawBuilder<unknown>) => RawBuilder<unknown>) =>
    withDatabase(settings, async (db) => {
      for (const name of names) await make(sql.table(name)).execute(db);
    });
  await beside(
    settings,
    sql`create function refuse() returns trigger language plpgsql as $$
      begin raise exception 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$`,
  );
  await on(
    (table) => sql`create trigger full_disk before insert or update or delete on ${table}
      for each statement execute function refuse()`,
  );
  return async () => {
    await on((table) => sql`drop trigger full_disk on ${table}`);
    await beside(settings, sql`drop function refuse()`);
  };
}

/** The names of the tables of a database, in order. */
export async function tablesOf(settings: StoreSettings): Promise<readonly string[]> {
  const tables = await withDatabase(settings, (db) => db.introspection.getTables());
  return tables.map(({ name }) => name).toSorted();
}

function open(settings: StoreSettings): { db: Kysely<Tables>; close: () => Promise<unknown> } {
  if (settings.kind === "postgres") return connect({ ...settings, connections: 1 });
  const db = new Kysely<Tables>({ dialect: sqliteDialect(new Database(settings.path)) });
  return { db, close: () => db.destroy() };
}
