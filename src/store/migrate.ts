import { type Kysely, sql, type Transaction } from "kysely";
import { Migrator } from "kysely/migration";
import { BridgeError } from "../core/error.ts";
import { isPostgres } from "./flavor.ts";
import { MIGRATIONS, OLDEST_COMPATIBLE } from "./migrations/index.ts";
import type { Tables } from "./tables.ts";

/** Stands beside the names of migrations while a store is being moved into a database: no bridge may start on a part. */
export const MOVING = "moving";

/**
 * Brings a store's tables up to date, in one transaction; bridges that start together wait for each other. A store that a
 * newer version has brought up to date is left as it is, where that one lets this version go on.
 * Throws a `BridgeError` when the tables cannot be used.
 */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  if (await isUpToDate(db)) return;
  await db.transaction().execute(async (trx) => {
    await lock(trx);
    // Whoever was before us at it may have been of another version.
    if (await isUpToDate(trx)) return;
    const migrator = new Migrator({
      db: trx,
      provider: { getMigrations: async () => MIGRATIONS },
      ...(isPostgres(trx) && { migrationTableSchema: await schemaOf(trx) }),
    });
    const { error } = await migrator.migrateToLatest();
    if (error !== undefined) throw failed(error);
    await trx
      .insertInto("compatibility")
      .values({ id: 1, oldest: OLDEST_COMPATIBLE })
      .onConflict((conflict) => conflict.column("id").doUpdateSet({ oldest: OLDEST_COMPATIBLE }))
      .execute();
  });
}

/** Whether there is nothing to be done. Throws a `BridgeError` when nothing may be done. */
async function isUpToDate(db: Kysely<Tables>): Promise<boolean> {
  const done = await migrationsOf(db);
  checkWhole(done);
  if (done.some(isUnknown)) {
    await checkCompatible(db);
    return true;
  }
  return Object.keys(MIGRATIONS).every((name) => done.includes(name));
}

/** The migrator would otherwise take another program's tables of the same names for its own, in whatever schema they are. */
async function schemaOf(trx: Transaction<Tables>): Promise<string> {
  const { rows } = await sql<{ name: string }>`select current_schema() as name`.execute(trx);
  return rows[0]?.name ?? "public";
}

/** The migrator itself makes its own tables before it takes this lock, where two that start together would collide. */
async function lock(trx: Transaction<Tables>): Promise<void> {
  const { adapter } = trx.getExecutor();
  await adapter.acquireMigrationLock(trx, { lockTable: "", lockRowId: "" });
}

/** The names of the migrations that a store has been through; none when it has no tables yet. */
export async function migrationsOf(db: Kysely<Tables>): Promise<readonly string[]> {
  const { rows: tables } = await (
    isPostgres(db)
      ? sql<{ name: string }>`select 1 as name where to_regclass('kysely_migration') is not null`
      : sql<{ name: string }>`select name from sqlite_master where name = 'kysely_migration'`
  ).execute(db);
  if (tables.length === 0) return [];
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db);
  return rows.map(({ name }) => name);
}

/** A newer version wrote the store: it says which ones can work beside it. */
async function checkCompatible(db: Kysely<Tables>): Promise<void> {
  const row = await db.selectFrom("compatibility").select("oldest").executeTakeFirst();
  if (row !== undefined && !isUnknown(row.oldest)) return;
  throw new BridgeError("store-newer", "A newer version of Bellhop wrote the store.", {
    hint: "Use that version, or one that is at most one version older.",
  });
}

/**
 * Only the bridge brings the tables up to date: whoever reads beside it must find them so. `name` is what people call the
 * store. Throws a `BridgeError` when there is none, or another version wrote it.
 */
export async function checkReadable(db: Kysely<Tables>, name: string): Promise<void> {
  const done = await migrationsOf(db);
  checkWhole(done);
  if (done.length === 0)
    throw new BridgeError("store-empty", `${name} is no store of Bellhop.`, {
      hint: "The config names it under `store`. A bridge makes its store when it starts.",
    });
  if (done.some(isUnknown))
    throw new BridgeError("store-newer", `A newer version of Bellhop wrote the store ${name}.`, {
      hint: "Use the version that its bridge runs.",
    });
  if (Object.keys(MIGRATIONS).some((one) => !done.includes(one)))
    throw new BridgeError("store-older", `An older version of Bellhop wrote the store ${name}.`, {
      hint: "Start its bridge once with this version, which brings the store up to date; or use the version that its bridge runs.",
    });
}

function checkWhole(done: readonly string[]): void {
  if (!done.includes(MOVING)) return;
  throw new BridgeError(
    "store-moving",
    "The store holds a part of another one, which is being moved here.",
    {
      hint: "Let `bellhop migrate` come to its end; where it was cut off, run it again.",
    },
  );
}

function isUnknown(name: string): boolean {
  return !(name in MIGRATIONS);
}

function failed(error: unknown): BridgeError {
  const why = error instanceof Error ? error.message : String(error);
  return new BridgeError(
    "store-migration-failed",
    `The store's tables could not be brought up to date: ${why}.`,
    { hint: "The store is as it was before.", cause: error },
  );
}
