import { type Kysely, sql } from "kysely";
import { DatabaseError } from "pg";
import { BridgeError } from "../../core/error.ts";
import type { MoveEnd, OnWait } from "../move-end.ts";
import type { PostgresSettings } from "../settings.ts";
import type { Tables } from "../tables.ts";
import { checkVersion, connect } from "./open.ts";
import { isStorageError } from "./storage-error.ts";
import { untilUnused } from "./unused.ts";
import { nameOf, unusable } from "./unusable.ts";

/**
 * How long one statement of a move may take, in milliseconds, where the settings allow less; ours: a large table is
 * counted, or emptied, in one.
 */
const STATEMENT_MS = 600_000;

/** Connects to a database to look at it, or to move a store into it. Throws a `BridgeError` when it cannot be used. */
export async function connectEnd(settings: PostgresSettings): Promise<MoveEnd> {
  const statementTimeoutMs = Math.max(settings.statementTimeoutMs, STATEMENT_MS);
  const { db, close } = connect({ ...settings, connections: 2, statementTimeoutMs });
  try {
    await checkVersion(db);
    return { db, name: nameOf(settings), isStorageError, close };
  } catch (error) {
    await close();
    throw error instanceof BridgeError ? error : unusable(settings, error);
  }
}

/** How long the tables are waited for, in milliseconds; ours: bridges, which are gone, had them for less. */
const LOCK_MS = 10_000;

/** The tables that bridges write to; the compiler sees to it that none is missing. */
const WRITTEN: Readonly<Record<Exclude<keyof Tables, "compatibility">, true>> = {
  accounts: true,
  attempts: true,
  deliveries: true,
  duties: true,
  events: true,
  lanes: true,
  reports: true,
  rulebooks: true,
  snapshots: true,
  turns: true,
};

/**
 * Keeps bridges from writing to a store for as long as it is open, in one transaction that itself cannot write.
 * Throws a `BridgeError` when a bridge runs on it.
 * https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES
 */
export async function holdPostgres(end: MoveEnd, onWait: OnWait): Promise<MoveEnd> {
  await untilUnused(end.db, end.name, onWait);
  const held = await end.db.startTransaction().execute();
  try {
    // What is written elsewhere may take longer than a transaction may otherwise do nothing.
    await sql`set local idle_in_transaction_session_timeout = 0`.execute(held);
    await sql`set local lock_timeout = ${sql.lit(LOCK_MS)}`.execute(held);
    await sql`set transaction read only`.execute(held);
    const tables = Object.keys(WRITTEN).map((name) => sql.table(name));
    await sql`lock table ${sql.join(tables)} in share mode`.execute(held);
  } catch (error) {
    await held.rollback().execute();
    throw error;
  }
  return {
    ...end,
    db: held,
    close: async () => {
      await held.rollback().execute();
      await end.close();
    },
  };
}

/** Tells a store in PostgreSQL from all others; `undefined` where it has no tables yet, or that cannot be known. */
export async function identityOf(db: Kysely<Tables>): Promise<string | undefined> {
  try {
    const { rows } = await sql<{ identity: string | null }>`
      select concat_ws(' ', system_identifier, oid, to_regclass('events')::oid) as identity
      from pg_control_system(), pg_database
      where datname = current_database() and to_regclass('events') is not null`.execute(db);
    return rows[0]?.identity ?? undefined;
  } catch (error) {
    // Some who offer PostgreSQL keep this function for themselves.
    if (error instanceof DatabaseError && error.code === "42501") return undefined;
    throw error;
  }
}
