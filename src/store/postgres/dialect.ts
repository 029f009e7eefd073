import type { DatabaseConnection, Dialect, Kysely } from "kysely";
import {
  CompiledQuery,
  PostgresAdapter,
  PostgresDriver,
  PostgresIntrospector,
  PostgresQueryCompiler,
  sql,
} from "kysely";
import type { Pool } from "pg";
import { Lent } from "./lent.ts";

/** How transactions are kept from holding others up, in milliseconds. */
export interface Limits {
  /** After how long the database gives a statement up. */
  readonly statementMs: number;
}

/** How long a transaction may do nothing before the database ends it, in milliseconds; ours: a bridge that froze holds locks. */
const IDLE_MS = 10_000;

/**
 * How statements in transactions are planned, each of which touches a few rows of large tables: a row by an index costs
 * little more than the next one, as on a solid disk or in memory, and nothing is worth compiling.
 * https://www.postgresql.org/docs/current/runtime-config-query.html https://www.postgresql.org/docs/current/jit-decision.html
 */
const PLANNING = "set local random_page_cost = 1.1; set local jit = off";

/** PostgreSQL as Kysely speaks it, made for servers that go away and for poolers that lend a connection for one transaction. */
export function postgresDialect(pool: Pool, limits: Limits): Dialect {
  return {
    createAdapter: () => new TransactionLock(),
    createDriver: () => new SteadyDriver(pool, limits),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

/** The advisory lock that the tables are brought up to date under; ours. */
const MIGRATION_LOCK = 7_306_018_223;

/**
 * Locks migrations by the transaction that they run in: a lock of the session would outlive it behind a pooler.
 * https://www.pgbouncer.org/features.html
 */
class TransactionLock extends PostgresAdapter {
  override async acquireMigrationLock(db: Kysely<unknown>): Promise<void> {
    await sql`select pg_advisory_xact_lock(${sql.lit(MIGRATION_LOCK)})`.execute(db);
  }

  override async releaseMigrationLock(): Promise<void> {}
}

type Connection = Parameters<PostgresDriver["rollbackTransaction"]>[0];

class SteadyDriver extends PostgresDriver {
  readonly #begin: CompiledQuery;

  constructor(pool: Pool, { statementMs }: Limits) {
    super({
      pool: {
        connect: async () => new Lent(await pool.connect(), statementMs),
        end: () => pool.end(),
        options: pool.options,
      },
    });
    // In one message, and for this transaction only: a pooler hands the connection to others afterwards.
    this.#begin = CompiledQuery.raw(
      `begin; set local statement_timeout = ${statementMs}; set local lock_timeout = ${statementMs}; set local idle_in_transaction_session_timeout = ${IDLE_MS}; ${PLANNING}`,
    );
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(this.#begin);
  }

  /** A connection that is gone has rolled back by itself; what went wrong before is what people must hear of. */
  override async rollbackTransaction(connection: Connection): Promise<void> {
    await super.rollbackTransaction(connection).catch(() => undefined);
  }
}
