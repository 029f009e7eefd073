import { join } from "node:path";
import Database from "better-sqlite3";
import { keyOf } from "./tally.ts";

/** An event that a bridge has kept. */
export interface Kept {
  readonly id: string;
  /** Its source and a digest of its body. */
  readonly what: string;
}

/** Every event in the store in a folder, read from its file once no bridge uses it. */
export function readKept(folder: string): Kept[] {
  const db = new Database(join(folder, "bellhop.db"), { readonly: true });
  try {
    const rows = db.prepare<[], { id: string; source: string; body: Buffer }>(
      "select id, source, body from events",
    );
    return [...rows.iterate()].map(({ id, source, body }) => ({ id, what: keyOf(source, body) }));
  } finally {
    db.close();
  }
}
