import type Database from "better-sqlite3";
import { Kysely } from "kysely";
import { BridgeError } from "../../core/error.ts";
import type { MoveEnd } from "../move-end.ts";
import type { Tables } from "../tables.ts";
import { sqliteDialect } from "./dialect.ts";
import { connect, lockFile, unusable } from "./open.ts";
import { connectReading } from "./reading.ts";
import { isStorageError } from "./storage-error.ts";

/** Opens an SQLite file to look at it, beside the bridge that runs on it. Throws a `BridgeError` when there is none. */
export function surveySqlite(path: string): MoveEnd {
  return endOf(path, connectReading(path));
}

/**
 * Keeps bridges from the store in a file, which is as it was when it is closed.
 * Throws a `BridgeError` when one has it open.
 */
export function holdSqlite(end: MoveEnd, path: string): MoveEnd {
  return endOf(path, end.db, heldLock(path));
}

/**
 * Opens an SQLite file, made where there is none, to move a store into it; no bridge can start on it meanwhile.
 * Throws a `BridgeError` when it cannot be used, or a bridge has it open.
 */
export function openSqliteTarget(path: string): MoveEnd {
  const lock = heldLock(path);
  try {
    return endOf(path, new Kysely<Tables>({ dialect: sqliteDialect(connect(path)) }), lock);
  } catch (error) {
    lock.close();
    throw unusable(path, error);
  }
}

function endOf(path: string, db: Kysely<Tables>, lock?: Database.Database): MoveEnd {
  return {
    db,
    name: `The store ${path}`,
    isStorageError,
    close: async () => {
      await db.destroy();
      lock?.close();
    },
  };
}

function heldLock(path: string): Database.Database {
  try {
    return lockFile(path);
  } catch (error) {
    if (!(error instanceof BridgeError) || error.code !== "store-in-use") throw error;
    throw new BridgeError(error.code, `The store ${path} is in use.`, {
      hint: "Stop the bridge that runs on it, and run this again.",
      cause: error,
    });
  }
}
