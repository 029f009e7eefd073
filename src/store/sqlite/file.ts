import Database from "better-sqlite3";

/** The most bytes of the write-ahead log that are kept when it begins anew; ours. */
const LOG_LIMIT = 16 * 1_048_576;

/** Opens a file as a store is kept in it; throws an `SqliteError` when it is none. */
export function openFile(path: string): Database.Database {
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
