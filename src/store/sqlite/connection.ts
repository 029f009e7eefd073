import type Database from "better-sqlite3";

/** What a statement came to. */
export interface Ran {
  readonly rows: unknown[];
  /** How many rows it wrote; `undefined` where it only read. */
  readonly changes?: number;
}

/** Where statements are run, one after the other. */
export interface Connection {
  /** As of the last answer; SQLite ends some transactions by itself. */
  readonly isInTransaction: boolean;
  run(sql: string, parameters: readonly unknown[]): Promise<Ran>;
  close(): Promise<void>;
}

/** The most statements kept; ours: there are some dozens, and a few more with each length of a list. */
const MOST = 500;

/** Runs statements on a database; they are kept once they are prepared, because preparing one takes longer than most run. */
export class Statements {
  readonly #database: Database.Database;
  readonly #prepared = new Map<string, Database.Statement>();

  constructor(database: Database.Database) {
    this.#database = database;
  }

  run(sql: string, parameters: readonly unknown[]): Ran {
    const statement = this.#statement(sql);
    return statement.reader
      ? { rows: statement.all(...parameters) }
      : { rows: [], changes: statement.run(...parameters).changes };
  }

  get isInTransaction(): boolean {
    return this.#database.inTransaction;
  }

  close(): void {
    this.#database.close();
  }

  #statement(sql: string): Database.Statement {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    if (this.#prepared.size >= MOST) this.#prepared.clear();
    const made = this.#database.prepare(sql);
    this.#prepared.set(sql, made);
    return made;
  }
}

/** A database that is used in this thread: each statement holds it up. */
export function inThisThread(database: Database.Database): Connection {
  const statements = new Statements(database);
  return {
    get isInTransaction() {
      return statements.isInTransaction;
    },
    run: async (sql, parameters) => statements.run(sql, parameters),
    close: async () => statements.close(),
  };
}
