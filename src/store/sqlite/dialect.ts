import { setTimeout as pause } from "node:timers/promises";
import type Database from "better-sqlite3";
import type { DatabaseConnection, Dialect } from "kysely";
import {
  CompiledQuery,
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import { prepared } from "./prepared.ts";

/** How long another program that writes to the same file is waited for, in milliseconds; ours. */
const PATIENCE_MS = 2_000;

/** The longest pause between two tries to begin a transaction, in milliseconds; ours. */
const LONGEST_PAUSE_MS = 50;

/** SQLite as Kysely speaks it, made for whole migrations, for files that others write too, and for disks that fill up. */
export function sqliteDialect(database: Database.Database): Dialect {
  return {
    createAdapter: () => new TransactionalDdl(),
    createDriver: () => new SteadyDriver(database),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/** Has all migrations run in one transaction: SQLite can roll back tables as well as rows. */
class TransactionalDdl extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class SteadyDriver extends SqliteDriver {
  readonly #database: Database.Database;
  /** Since when another program has the write lock; `undefined` while none is known to have it. */
  #busySince: number | undefined;

  constructor(database: Database.Database) {
    super({ database: prepared(database) });
    this.#database = database;
  }

  /**
   * Takes the write lock with the first statement, so that a transaction waits here, where it can wait without holding
   * up the process, or nowhere. https://www.sqlite.org/lang_transaction.html#immediate
   * Patience counts for all in line together, else each of them would add its own to the wait of those behind it.
   */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await this.rollbackTransaction(connection);
    for (let pauseMs = 1; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      try {
        await connection.executeQuery(CompiledQuery.raw("begin immediate"));
        this.#busySince = undefined;
        return;
      } catch (error) {
        if (!isBusy(error)) throw error;
        this.#busySince ??= performance.now();
        if (performance.now() - this.#busySince > PATIENCE_MS) throw error;
      }
      await pause(pauseMs);
    }
  }

  /**
   * SQLite has rolled back by itself when the disk was full or failed; a second time would be an error, and hide that.
   * https://www.sqlite.org/lang_transaction.html#response_to_errors_within_a_transaction
   */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.inTransaction) await super.rollbackTransaction(connection);
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("SQLITE_BUSY");
}
