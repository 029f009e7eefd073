import Database from "better-sqlite3";
import { Kysely } from "kysely";
import { BridgeError } from "../../core/error.ts";
import { checkReadable } from "../migrate.ts";
import { Reading } from "../reading.ts";
import type { Tables } from "../tables.ts";
import { sqliteDialect } from "./dialect.ts";

/**
 * Opens the store in an SQLite file to read from it, beside the bridge that runs on it.
 * Throws a `BridgeError` when there is none, or one that another version of Bellhop wrote.
 */
export async function openSqliteReading(path: string): Promise<Reading> {
  const db = connectReading(path);
  try {
    await checkReadable(db, path);
    return new Reading(db);
  } catch (error) {
    await db.destroy();
    throw error instanceof BridgeError ? error : unreadable(path, error);
  }
}

/** Opens an SQLite file in which nothing can be written. Throws a `BridgeError` when there is none. */
export function connectReading(path: string): Kysely<Tables> {
  let database: Database.Database | undefined;
  try {
    database = new Database(path, { readonly: true, fileMustExist: true });
    database.pragma("query_only = 1");
    return new Kysely<Tables>({ dialect: sqliteDialect(database) });
  } catch (error) {
    database?.close();
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): BridgeError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  // better-sqlite3 has no code of its own for a folder that is not there.
  const isMissing = code === "SQLITE_CANTOPEN" || error instanceof TypeError;
  const why = error instanceof Error ? error.message : String(error);
  return new BridgeError(
    isMissing ? "store-missing" : "store-unreadable",
    `The store ${path} cannot be read: ${why}.`,
    {
      hint: isMissing
        ? "The config names it under `store`. A bridge makes its store when it first starts; this command reads it on the same machine."
        : "Check that it is a store of Bellhop, and that it can be read.",
      cause: error,
    },
  );
}
