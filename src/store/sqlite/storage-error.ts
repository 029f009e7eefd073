import Database from "better-sqlite3";

/** The result codes that speak of the disk or of a lock, and not of a statement. https://www.sqlite.org/rescode.html */
const CODES = /^SQLITE_(?:FULL|IOERR|READONLY|BUSY|LOCKED|CANTOPEN|CORRUPT|NOTADB|PROTOCOL|NOMEM)/;

/** Whether a transaction failed because of the disk, the file or a foreign lock: what a person has to mend there. */
export function isStorageError(error: unknown): boolean {
  return error instanceof Database.SqliteError && CODES.test(error.code);
}
