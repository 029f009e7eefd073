import type Database from "better-sqlite3";
import type { SqliteDatabase, SqliteStatement } from "kysely";

/** The most statements kept; ours: there are some dozens, and a few more with each length of a list. */
const MOST = 500;

/** The database with its statements kept once they are prepared, because preparing one takes longer than most run. */
export function prepared(database: Database.Database): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>();
  return {
    close: () => database.close(),
    prepare(sql) {
      const known = statements.get(sql);
      if (known !== undefined) return known;
      if (statements.size >= MOST) statements.clear();
      const made = database.prepare(sql) as unknown as SqliteStatement;
      statements.set(sql, made);
      return made;
    },
  };
}
