import type { PostgresCursor, PostgresPoolClient, PostgresQueryResult } from "kysely";
import { DatabaseError, type PoolClient } from "pg";
import { storable } from "../flavor.ts";
import { SilenceError } from "./silence-error.ts";
import { isAftermath, isLost } from "./storage-error.ts";

/** How much longer than the database itself an answer is waited for, in milliseconds; ours: the network needs a moment too. */
const MORE_MS = 5_000;

/**
 * A connection that is lent from the pool. It is cut when no answer comes, as from a host that is gone without a word, and
 * is not given back once the server has turned away from writing.
 */
export class Lent implements PostgresPoolClient {
  readonly #client: PoolClient;
  readonly #answerMs: number;
  #isSpent = false;
  /** What went wrong first: a transaction takes nothing more after that, and only says so. */
  #failed: unknown;

  constructor(client: PoolClient, statementMs: number) {
    this.#client = client;
    this.#answerMs = statementMs + MORE_MS;
  }

  query<Row>(statement: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<Row>>;
  query<Row>(cursor: PostgresCursor<Row>): PostgresCursor<Row>;
  query<Row>(
    statement: string | PostgresCursor<Row>,
    parameters: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<Row>> | PostgresCursor<Row> {
    if (typeof statement !== "string") throw new TypeError("There are no cursors here.");
    return this.#answer(statement, parameters.map(kept));
  }

  release(isDiscarded = false): void {
    this.#client.release(isDiscarded || this.#isSpent);
  }

  async #answer<Row>(statement: string, parameters: unknown[]): Promise<PostgresQueryResult<Row>> {
    let isCut = false;
    const timer = setTimeout(() => {
      isCut = true;
      this.#cut();
    }, this.#answerMs);
    try {
      // Without parameters, it may be several statements in one message.
      const result = await (parameters.length === 0
        ? this.#client.query(statement)
        : this.#client.query(statement, parameters));
      return result as unknown as PostgresQueryResult<Row>;
    } catch (caught) {
      const error = isCut ? new SilenceError(this.#answerMs, caught) : withoutData(caught);
      this.#isSpent ||= isLost(error);
      this.#failed ??= error;
      throw isAftermath(error) ? this.#failed : error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the connection at once, as a statement is under way on it, which fails with it. */
  #cut(): void {
    this.#isSpent = true;
    void (this.#client as unknown as { end(): Promise<void> }).end().catch(() => undefined);
  }
}

/** What PostgreSQL tells of the rows in question is customers' data, and must not come into a log. */
function withoutData(error: unknown): unknown {
  if (error instanceof DatabaseError)
    for (const field of ["detail", "where", "internalQuery"] as const) delete error[field];
  return error;
}

/** A parameter in the form in which the store keeps its values, also those of a list. */
function kept(parameter: unknown): unknown {
  return Array.isArray(parameter) ? parameter.map(kept) : storable("", parameter);
}
