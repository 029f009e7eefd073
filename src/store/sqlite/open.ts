import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { Kysely } from "kysely";
import { BridgeError } from "../../core/error.ts";
import type { Engine } from "../engine.ts";
import { migrate } from "../migrate.ts";
import { SqlStore } from "../sql-store.ts";
import type { Store, StoreListener } from "../store.ts";
import type { Tables } from "../tables.ts";
import { breathing } from "./breathing.ts";
import { compact } from "./compact.ts";
import { sqliteDialect } from "./dialect.ts";
import { size } from "./size.ts";
import { isStorageError } from "./storage-error.ts";

/**
 * Opens the store in an SQLite file, `:memory:` for tests, and brings its tables up to date.
 * Throws a `BridgeError` when the file cannot be used, or another bridge has it open.
 */
export async function openSqlite(
  path: string,
  listener: Pick<StoreListener, "onCommit" | "onFailure"> = NOBODY,
): Promise<Store> {
  const lock = path === ":memory:" ? undefined : lockFile(path);
  let db: Kysely<Tables> | undefined;
  try {
    const database = connect(path);
    db = new Kysely<Tables>({ dialect: sqliteDialect(database), plugins: [breathing] });
    await migrate(db);
    const store = new SqlStore(engineOf(db, lock), listener);
    await store.recover();
    // From here on a statement that waits would hold up the whole process: the dialect waits without.
    database.pragma("busy_timeout = 0");
    return store;
  } catch (error) {
    await db?.destroy();
    lock?.close();
    throw error instanceof Database.SqliteError ? unusable(path, error) : error;
  }
}

const NOBODY = { onCommit() {}, onFailure() {} };

function engineOf(db: Kysely<Tables>, lock: Database.Database | undefined): Engine {
  return {
    db,
    isShared: false,
    isStorageError,
    explain: (error) => error,
    // One transaction writes at a time.
    isCollision: () => false,
    compact: (write) => compact(db, write),
    size: () => size(db),
    // There is no other bridge.
    spread: () => {},
    close: async () => {
      await db.destroy();
      lock?.close();
    },
  };
}

/** The most bytes of the write-ahead log that are kept when it begins anew; ours. */
const LOG_LIMIT = 16 * 1_048_576;

/** Opens a file as a store is kept in it. */
export function connect(path: string): Database.Database {
  const database = new Database(path);
  try {
    // So that pruning can give disk space back; without effect on a store that was made before.
    database.pragma("auto_vacuum = INCREMENTAL");
    database.pragma("journal_mode = WAL");
    // FULL: a commit is on disk before the webhook is answered. https://www.sqlite.org/pragma.html#pragma_synchronous
    database.pragma("synchronous = FULL");
    // What one large transaction or a long backup made of the log is given back. https://www.sqlite.org/pragma.html#pragma_journal_size_limit
    database.pragma(`journal_size_limit = ${LOG_LIMIT}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * An exclusive transaction on a file beside the store: the system ends it with the process, however that dies.
 * Throws a `BridgeError` when another process has it, or there can be no such file.
 */
export function lockFile(path: string): Database.Database {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const lock = new Database(`${path}.lock`, { timeout: 0 });
    lock.exec("BEGIN EXCLUSIVE");
    return lock;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "SQLITE_BUSY") {
      throw new BridgeError("store-in-use", `Another bridge has the store ${path} open.`, {
        hint: "Stop the other one, or give this one a store of its own.",
        cause: error,
      });
    }
    throw unusable(path, error);
  }
}

/** Says in a sentence why a file cannot be used as a store. */
export function unusable(path: string, error: unknown): BridgeError {
  return new BridgeError(
    "store-unusable",
    `The store ${path} cannot be opened: ${reason(error)}.`,
    { hint: hintFor(error), cause: error },
  );
}

function hintFor(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "SQLITE_NOTADB")
    return "The file is something else than a store. Name another one under `store`.";
  return "Check that it is a file, and that its folder can be written.";
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
