import type { PostgresCursor, PostgresPoolClient, PostgresQueryResult } from "kysely";
import type { PoolClient } from "pg";
import { isLost } from "./storage-error.ts";

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
    return this.#answer(statement, parameters.map(storable));
  }

  release(isDiscarded = false): void {
    this.#client.release(isDiscarded || this.#isSpent);
  }

  async #answer<Row>(statement: string, parameters: unknown[]): Promise<PostgresQueryResult<Row>> {
    const timer = setTimeout(() => this.#cut(), this.#answerMs);
    try {
      // Without parameters, it may be several statements in one message.
      const result = await (parameters.length === 0
        ? this.#client.query(statement)
        : this.#client.query(statement, parameters));
      return result as unknown as PostgresQueryResult<Row>;
    } catch (error) {
      this.#isSpent ||= isLost(error);
      throw error;
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

/** PostgreSQL's texts hold everything but the character NUL. https://www.postgresql.org/docs/current/datatype-character.html */
function storable(parameter: unknown): unknown {
  return typeof parameter === "string" ? parameter.replaceAll("\0", "\u2400") : parameter;
}
