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
  const { db, pool, options } = connect(settings);
  const hears = { ...NOBODY, ...listener };
  const timekeeper = new Timekeeper(db, hears.onTime);
  try {
    await checkVersion(db);
    await migrate(db);
    await timekeeper.ask();
  } catch (error) {
    timekeeper.stop();
    await pool.end();
    throw error instanceof BridgeError ? error : unusable(settings, error);
  }
  const grapevine = settings.listen ? new Grapevine(options, hears.onNews) : undefined;
  const engine: Engine = {
    db,
    isShared: true,
    isStorageError,
    isCollision,
    // The server's own vacuum gives the space to new rows. https://www.postgresql.org/docs/current/routine-vacuuming.html
    compact: async () => false,
    size: () => size(db),
    spread: (news) => grapevine?.spread(news, pool),
    close: async () => {
      timekeeper.stop();
      await grapevine?.stop();
      await db.destroy();
    },
  };
  return new SqlStore(engine, hears);
}

const NOBODY: StoreListener = { onCommit() {}, onFailure() {}, onNews() {}, onTime() {} };

/** A database with the connections to it, none of which is open yet. */
export interface Connected {
  readonly db: Kysely<Tables>;
  readonly pool: Pool;
  /** How one more connection is opened. */
  readonly options: ClientConfig;
}

/** Makes the pool of connections to a database; it opens them when they are needed. */
export function connect(settings: PostgresSettings): Connected {
  const options: ClientConfig = {
    connectionString: settings.url.reveal(),
    application_name: "bellhop",
    connectionTimeoutMillis: settings.connectTimeoutMs,
    keepAlive: true,
    types: numbers,
  };
  const pool = new Pool({ ...options, max: settings.connections });
  // What breaks while a connection is idle, the next one that needs it hears of.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  const dialect = postgresDialect(pool, { statementMs: settings.statementTimeoutMs });
  return { db: new Kysely<Tables>({ dialect }), pool, options };
}

/** The oldest PostgreSQL that the store is tested with. https://www.postgresql.org/support/versioning/ */
const OLDEST = 15;

async function checkVersion(db: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ server_version_num: string }>`show server_version_num`.execute(db);
  const version = Math.floor(Number(rows[0]?.server_version_num) / 10_000);
  if (version >= OLDEST) return;
  throw new BridgeError("store-too-old", `The store is on PostgreSQL ${version}.`, {
    hint: `Bellhop needs PostgreSQL ${OLDEST} or newer.`,
  });
}
