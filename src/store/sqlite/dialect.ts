import { setTimeout as pause } from "node:timers/promises";
import type { DatabaseConnection, Dialect, Driver, QueryResult } from "kysely";
import { CompiledQuery, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from "kysely";
import type { Connection } from "./connection.ts";

/** How long another program that writes to the same file is waited for, in milliseconds; ours. */
const PATIENCE_MS = 2_000;

/** The longest pause between two tries to begin a transaction, in milliseconds; ours. */
const LONGEST_PAUSE_MS = 50;

/** SQLite as Kysely speaks it, made for whole migrations, for files that others write too, and for disks that fill up. */
export function sqliteDialect(connection: Connection): Dialect {
  return {
    createAdapter: () => new TransactionalDdl(),
    createDriver: () => new SteadyDriver(connection),
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

class SteadyDriver implements Driver {
  readonly #connection: Connection;
  readonly #kysely: KyselyConnection;
  /** Since when another program has the write lock; `undefined` while none is known to have it. */
  #busySince: number | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#kysely = new KyselyConnection(connection);
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#kysely;
  }

  /**
   * Takes the write lock with the first statement, so that a transaction waits here, where it can wait without holding
   * up the process, or nowhere. https://www.sqlite.org/lang_transaction.html#immediate
   * Patience counts for all in line together, else each of them would add its own to the wait of those behind it.
   */
  async beginTransaction(): Promise<void> {
    await this.rollbackTransaction();
    for (let pauseMs = 1; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      try {
        await this.#kysely.executeQuery(CompiledQuery.raw("begin immediate"));
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

  async commitTransaction(): Promise<void> {
    await this.#kysely.executeQuery(CompiledQuery.raw("commit"));
  }

  /**
   * SQLite has rolled back by itself when the disk was full or failed; a second time would be an error, and hide that.
   * https://www.sqlite.org/lang_transaction.html#response_to_errors_within_a_transaction
   */
  async rollbackTransaction(): Promise<void> {
    if (this.#connection.isInTransaction)
      await this.#kysely.executeQuery(CompiledQuery.raw("rollback"));
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {
    await this.#connection.close();
  }
}

/** The one connection, as Kysely uses it. */
class KyselyConnection implements DatabaseConnection {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const { rows, changes } = await this.#connection.run(sql, parameters);
    const affected = changes === undefined ? {} : { numAffectedRows: BigInt(changes) };
    return { rows: rows as Row[], ...affected };
  }

  streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error("Rows are read in portions, and never streamed.");
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("SQLITE_BUSY");
}
