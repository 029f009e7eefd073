import { Kysely, sql } from "kysely";
import { type ClientConfig, Pool } from "pg";
import { BridgeError } from "../../core/error.ts";
import type { Engine } from "../engine.ts";
import { migrate } from "../migrate.ts";
import type { PostgresSettings } from "../settings.ts";
import { SqlStore } from "../sql-store.ts";
import type { Store, StoreListener } from "../store.ts";
import type { Tables } from "../tables.ts";
import { postgresDialect } from "./dialect.ts";
import { Grapevine } from "./grapevine.ts";
import { numbers } from "./numbers.ts";
import { size } from "./size.ts";
import { Sockets } from "./sockets.ts";
import { isCollision, isStorageError } from "./storage-error.ts";
import { Timekeeper } from "./timekeeper.ts";
import { unusable } from "./unusable.ts";

/**
 * Opens the store in a PostgreSQL database, which other bridges may use as well, and brings its tables up to date.
 * Throws a `BridgeError` when the database cannot be used.
 */
export async function openPostgres(
  settings: PostgresSettings,
  listener: Partial<StoreListener> = {},
): Promise<Store> {
  const { db, options, close } = connect(settings);
  const hears = { ...NOBODY, ...listener };
  const timekeeper = new Timekeeper(db, hears.onTime);
  try {
    await checkVersion(db);
    await migrateInTime(settings);
    await timekeeper.ask();
  } catch (error) {
    timekeeper.stop();
    await close();
    throw told(settings, error);
  }
  const grapevine = settings.listen ? new Grapevine(options, hears.onNews) : undefined;
  const engine: Engine = {
    db,
    isShared: true,
    isStorageError,
    explain: (error) => unusable(settings, error),
    isCollision,
    // The server's own vacuum gives the space to new rows. https://www.postgresql.org/docs/current/routine-vacuuming.html
    compact: async () => false,
    size: () => size(db),
    spread: (news) => grapevine?.spread(news, db),
    close: async () => {
      timekeeper.stop();
      grapevine?.stop();
      await close();
    },
  };
  return new SqlStore(engine, hears);
}

/** What went wrong with the server itself is told as such, wherever that was found. */
function told(settings: PostgresSettings, error: unknown): BridgeError {
  const { cause } = error instanceof BridgeError ? error : { cause: error };
  return error instanceof BridgeError && !isStorageError(cause) ? error : unusable(settings, cause);
}

const NOBODY: StoreListener = { onCommit() {}, onFailure() {}, onNews() {}, onTime() {} };

/** A database with the connections to it, none of which is open yet. */
export interface Connected {
  readonly db: Kysely<Tables>;
  /** How one more connection is opened. */
  readonly options: ClientConfig;
  /** Ends all connections, those too on which something is under way after a moment. */
  readonly close: () => Promise<void>;
}

/** After how long without a word the system asks whether the other side is still there, in milliseconds; ours. */
const KEEP_ALIVE_MS = 10_000;

/** How long a connection may take to end in good order, in milliseconds; ours. */
const CLOSE_GRACE_MS = 1_000;

/** Makes the pool of connections to a database; it opens them when they are needed. */
export function connect(settings: PostgresSettings): Connected {
  const sockets = new Sockets();
  const options: ClientConfig = {
    connectionString: settings.url.reveal(),
    application_name: "bellhop",
    connectionTimeoutMillis: settings.connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    stream: sockets.open,
    types: numbers,
  };
  const pool = new Pool({ ...options, max: settings.connections });
  // What breaks while a connection is idle, the next one that needs it hears of.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  const dialect = postgresDialect(pool, { statementMs: settings.statementTimeoutMs });
  const db = new Kysely<Tables>({ dialect });
  const close = async () => {
    await Promise.all([db.destroy(), sockets.close(CLOSE_GRACE_MS)]);
  };
  return { db, options, close };
}

/** How long the tables may take to be brought up to date, in milliseconds; ours: large ones get an index only slowly. */
const MIGRATION_MS = 6 * 3_600_000;

/** Brings the tables up to date on a connection that waits for longer than the others. */
async function migrateInTime(settings: PostgresSettings): Promise<void> {
  const { db, close } = connect({ ...settings, connections: 1, statementTimeoutMs: MIGRATION_MS });
  try {
    await migrateAmongOthers(db);
  } finally {
    await close();
  }
}

/** How often it is tried, in all; ours. */
const MIGRATION_TRIES = 5;

/** Tries again where a bridge that is at work waited for what this held, and held what this waited for. */
async function migrateAmongOthers(db: Kysely<Tables>): Promise<void> {
  for (let left = MIGRATION_TRIES; ; left -= 1) {
    try {
      return await migrate(db);
    } catch (error) {
      const cause = error instanceof BridgeError ? error.cause : error;
      if (left === 1 || !isCollision(cause)) throw error;
    }
  }
}

/** The oldest PostgreSQL that the store is tested with. https://www.postgresql.org/support/versioning/ */
const OLDEST = 15;

/** Throws a `BridgeError` when the server is older than what the store is tested with. */
export async function checkVersion(db: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ server_version_num: string }>`show server_version_num`.execute(db);
  const version = Math.floor(Number(rows[0]?.server_version_num) / 10_000);
  if (version >= OLDEST) return;
  throw new BridgeError("store-too-old", `The store is on PostgreSQL ${version}.`, {
    hint: `Bellhop needs PostgreSQL ${OLDEST} or newer.`,
  });
}
