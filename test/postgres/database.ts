import { randomBytes } from "node:crypto";
import { inject } from "vitest";
import { createDatabase, dropDatabase } from "./create-database.ts";
import { askDesk } from "./desk.ts";

/** An empty database of a test's own. */
export interface FreshDatabase {
  readonly url: string;
  /** Drops it, with the connections to it. */
  readonly drop: () => Promise<void>;
}

/**
 * Makes an empty database on the run's PostgreSQL, which the first call of a run starts. It has the collation of its
 * server, as an operator's has. Rejects with what PostgreSQL said when it does not start.
 */
export async function freshDatabase(): Promise<FreshDatabase> {
  return copied();
}

/** Makes a database that holds an empty store, as a bridge leaves one that has just made its tables. */
export async function freshStore(): Promise<FreshDatabase> {
  return copied(await askDesk(inject("postgres").template));
}

async function copied(template?: string): Promise<FreshDatabase> {
  const { desk, prefix } = inject("postgres");
  const server = await askDesk(desk);
  const name = prefix + randomBytes(6).toString("hex");
  const url = await createDatabase(server, name, template);
  return { url, drop: () => dropDatabase(server, name) };
}
