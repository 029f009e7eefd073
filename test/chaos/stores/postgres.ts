import { randomBytes } from "node:crypto";
import { Client } from "pg";
import { numbers } from "../../../src/store/postgres/numbers.ts";
import { settingsFor } from "../../postgres/tables.ts";
import type { TrialStore } from "./trial-store.ts";

/** A store in a database of its own on a server of PostgreSQL, by the URL of one that is there already. */
export async function postgresTrial(server: string): Promise<TrialStore> {
  const name = `bellhop_chaos_${randomBytes(6).toString("hex")}`;
  const saved = `${name}_saved`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  await rowsOf(server, `create database ${name}`);
  return {
    kind: "postgres",
    place: url.href,
    settings: settingsFor(url.href),
    rows: (query) => rowsOf(url.href, query),
    run: async (statements) => {
      await rowsOf(url.href, statements);
    },
    empty: async () => {
      await rowsOf(server, drop(name));
      await rowsOf(server, `create database ${name}`);
    },
    save: async () => {
      await rowsOf(server, `create database ${saved} template ${name}`);
    },
    restore: async () => {
      await rowsOf(server, drop(name));
      await rowsOf(server, `create database ${name} template ${saved}`);
    },
    close: async () => {
      for (const database of [name, saved]) await rowsOf(server, drop(database));
    },
  };
}

function drop(database: string): string {
  return `drop database if exists ${database} with (force)`;
}

/** The rows of a statement on a connection of its own; whole numbers come as numbers. */
async function rowsOf<Row extends object>(url: string, statement: string): Promise<Row[]> {
  const client = new Client({ connectionString: url, types: numbers });
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
}
