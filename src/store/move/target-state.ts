import { type Kysely, sql } from "kysely";
import { BridgeError } from "../../core/error.ts";
import { migrationsOf, MOVING } from "../migrate.ts";
import { MIGRATIONS } from "../migrations/index.ts";
import type { MoveEnd } from "../move-end.ts";
import type { Tables } from "../tables.ts";
import { type Ledger, readLedger } from "./ledger.ts";
import { MOVED_TABLES } from "./moved-tables.ts";

/** What is in the database that a store is to be moved to. */
export type TargetState =
  /** There are no tables yet. */
  | { readonly kind: "bare" }
  /** There is nothing in the tables; a bridge may be about to write to them. */
  | { readonly kind: "empty" }
  /** A move began and did not end; without a ledger, it begins anew. */
  | { readonly kind: "begun"; readonly ledger: Ledger | undefined }
  /** A move came to its end, and a bridge may have worked on it since. */
  | { readonly kind: "done"; readonly ledger: Ledger };

/**
 * Looks at the database that a store is to be moved to, and changes nothing.
 * Throws a `BridgeError` when it holds something else, which must not be lost.
 */
export async function targetState({ db, name }: MoveEnd): Promise<TargetState> {
  const done = await migrationsOf(db);
  if (done.length === 0) return { kind: "bare" };
  const isOfThisVersion =
    Object.keys(MIGRATIONS).every((one) => done.includes(one)) &&
    done.every((one) => one in MIGRATIONS || one === MOVING);
  if (!isOfThisVersion)
    throw new BridgeError(
      "store-not-empty",
      `${name} has the tables of another version of Bellhop.`,
      {
        hint: "Name an empty database, or use that version.",
      },
    );
  const ledger = await readLedger(db);
  if (done.includes(MOVING)) return { kind: "begun", ledger };
  if (ledger !== undefined) return { kind: "done", ledger };
  if (await hasRows(db)) throw notEmpty(name);
  return { kind: "empty" };
}

/** Says that a database holds a store already. */
export function notEmpty(name: string): BridgeError {
  return new BridgeError("store-not-empty", `${name} holds a store already.`, {
    hint: "Stores cannot be merged. Name an empty database.",
  });
}

async function hasRows(db: Kysely<Tables>): Promise<boolean> {
  const each = MOVED_TABLES.map(({ name }) => sql`exists (select 1 from ${sql.table(name)})`);
  const { rows } = await sql`select 1 where ${sql.join(each, sql` or `)}`.execute(db);
  return rows.length > 0;
}
