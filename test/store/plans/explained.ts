import { Kysely } from "kysely";
import { Pool, type PoolClient } from "pg";
import { postgresDialect } from "../../../src/store/postgres/dialect.ts";
import { numbers } from "../../../src/store/postgres/numbers.ts";
import type { Engine } from "../../../src/store/engine.ts";
import { SqlStore } from "../../../src/store/sql-store.ts";
import type { Store } from "../../../src/store/store.ts";
import type { Tables } from "../../../src/store/tables.ts";

/** A step of a plan, as `explain` gives it back. https://www.postgresql.org/docs/current/sql-explain.html */
interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
  readonly "Rows Removed by Join Filter"?: number;
  readonly "Rows Removed by Index Recheck"?: number;
  readonly Plans?: readonly PlanNode[];
}

/** One step of how PostgreSQL did a statement. */
export interface Step {
  /** Such as `Index Scan`. */
  readonly kind: string;
  readonly table: string | undefined;
  readonly index: string | undefined;
  /** How many rows it gave to the step above, in all. */
  readonly rows: number;
  /** How many it looked at in vain. */
  readonly thrownAway: number;
}

/** How PostgreSQL did a statement. */
export interface Explained {
  readonly statement: string;
  readonly steps: readonly Step[];
}

/** A store in a database that notes how each of its statements is done. */
export interface ExplainedStore {
  readonly store: Store;
  readonly db: Kysely<Tables>;
  /** The statements since the last call. */
  take(): readonly Explained[];
  close(): Promise<void>;
}

/** Opens the store in a database that has its tables, one connection wide. */
export function explainedStore(url: string): ExplainedStore {
  const noted: Explained[] = [];
  const pool = new Pool({ connectionString: url, max: 1, types: numbers });
  const explaining = {
    options: pool.options,
    end: () => pool.end(),
    connect: async () => explainingClient(await pool.connect(), noted),
  } as unknown as Pool;
  const dialect = postgresDialect(explaining, { statementMs: 60_000 });
  const db = new Kysely<Tables>({ dialect });
  const engine: Engine = {
    db,
    isShared: true,
    isStorageError: () => false,
    isCollision: () => false,
    explain: (error) => error,
    compact: async () => false,
    size: async () => ({ used: 0, free: 0, wal: 0 }),
    spread: () => {},
    close: () => db.destroy(),
  };
  return {
    store: new SqlStore(engine, { onCommit() {}, onFailure() {} }),
    db,
    take: () => noted.splice(0),
    close: () => db.destroy(),
  };
}

/** Does each statement twice: once to see how, and undone; then for good. */
function explainingClient(client: PoolClient, noted: Explained[]): Pick<PoolClient, "query"> {
  const query = async (statement: string, parameters?: unknown[]) => {
    if (/^\s*(?:select|insert|update|delete|with)\b/.test(statement)) {
      const isWriting = !/^\s*select\b/.test(statement);
      if (isWriting) await client.query("savepoint explained");
      const { rows } = await client.query<{ "QUERY PLAN": [{ Plan: PlanNode }] }>(
        `explain (analyze, timing off, format json) ${statement}`,
        parameters,
      );
      if (isWriting) await client.query("rollback to savepoint explained");
      for (const row of rows) noted.push({ statement, steps: stepsOf(row["QUERY PLAN"][0].Plan) });
    }
    return parameters === undefined ? client.query(statement) : client.query(statement, parameters);
  };
  return { ...listeningOf(client), query: query as PoolClient["query"] };
}

/** What else is done with a connection that was lent. */
function listeningOf(client: PoolClient) {
  return {
    release: (error?: Error | boolean) => client.release(error),
    end: () => client.release(true),
  };
}

function stepsOf(node: PlanNode): Step[] {
  const removed =
    (node["Rows Removed by Filter"] ?? 0) +
    (node["Rows Removed by Join Filter"] ?? 0) +
    (node["Rows Removed by Index Recheck"] ?? 0);
  const step: Step = {
    kind: node["Node Type"],
    table: node["Relation Name"],
    index: node["Index Name"],
    rows: Math.round(node["Actual Rows"] * node["Actual Loops"]),
    thrownAway: Math.round(removed * node["Actual Loops"]),
  };
  return [step, ...(node.Plans ?? []).flatMap(stepsOf)];
}
