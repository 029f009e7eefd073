import SqliteFile from "better-sqlite3";
import { Client } from "pg";
import { numbers } from "../../src/store/postgres/numbers.ts";
import type { StoreSettings } from "../../src/store/settings.ts";

/** A second way into a store, beside its bridges. */
export interface Database {
  /** The first value of the first row. */
  one(query: string): Promise<number>;
  run(statement: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens the database that a store is in. */
export async function openDatabase(store: StoreSettings): Promise<Database> {
  return store.kind === "sqlite" ? openFile(store.path) : openServer(store.url.reveal());
}

/** Opens a database on a server of PostgreSQL. */
export async function openServer(url: string): Promise<Database> {
  const client = new Client({ connectionString: url, types: numbers });
  await client.connect();
  return {
    one: async (query) => {
      const { rows } = await client.query<[number]>({ text: query, rowMode: "array" });
      return rows[0]?.[0] ?? 0;
    },
    run: async (statement) => void (await client.query(statement)),
    close: () => client.end(),
  };
}

function openFile(file: string): Database {
  const database = new SqliteFile(file, { timeout: 10_000 });
  return {
    one: async (query) => database.prepare<[], number>(query).pluck().get() ?? 0,
    run: async (statement) => void database.exec(statement),
    close: async () => void database.close(),
  };
}
