import { type Kysely, type RawBuilder, type SelectQueryBuilder, sql } from "kysely";
import type { Change } from "../core/change.ts";
import { fitting } from "./fitting.ts";
import { isPostgres } from "./flavor.ts";
import { seqSince, seqUntil, timeOf } from "./seq-bounds.ts";
import type { EventStatus, RecordedEvent } from "./store.ts";
import type { Tables } from "./tables.ts";

/** Which events are read: the newest `limit` of those received in a time, in milliseconds since the epoch. */
export interface ReadingRange {
  readonly since: number;
  readonly until: number;
  readonly source?: string | undefined;
  readonly limit?: number | undefined;
}

/** The most events of one portion, and the bytes of their payloads; ours: it is what is held in memory at once. */
const PORTION = { events: 200, bytes: 4_194_304 } as const;

/**
 * A store that is read beside a running bridge. Every statement is a transaction of its own that ends within
 * milliseconds, because the write-ahead log cannot begin anew behind one that goes on.
 * https://www.sqlite.org/wal.html#ckpt
 */
export class Reading {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /** How many events there are in a range. */
  async count(range: ReadingRange): Promise<number> {
    const query = this.#between(range).select((eb) => eb.fn.countAll<number>().as("count"));
    const { count } = await query.executeTakeFirstOrThrow();
    return Math.min(count, range.limit ?? count);
  }

  /** Events in the order of their arrival, a portion at a time; those that arrive meanwhile are left out. */
  async *events(range: ReadingRange): AsyncGenerator<readonly RecordedEvent[]> {
    const bounds = await this.#bounds(range);
    if (bounds === undefined) return;
    let places = await this.#places(range, bounds.first - 1, bounds.last);
    for (let last = places.at(-1); last !== undefined; last = places.at(-1)) {
      yield await this.#at(places);
      places = await this.#places(range, last, bounds.last);
    }
  }

  /** The payload of the event of its type that its subject's state was known from before; `undefined` when it is gone. */
  async earlier({ source, subject, type, seq }: RecordedEvent): Promise<Uint8Array | undefined> {
    if (subject === null) return undefined;
    const row = await this.#db
      .selectFrom("events")
      .select(["body", "payload_pruned_at"])
      .where("subject", "=", subject)
      .where("seq", "<", seq)
      .where(this.#unindexed("source"), "=", source)
      .where("type", "=", type)
      .where(this.#unindexed("status"), "in", ["sent", "unrouted", "unchanged"])
      .orderBy("seq", "desc")
      .limit(1)
      .executeTakeFirst();
    return row === undefined || row.payload_pruned_at !== null ? undefined : row.body;
  }

  /**
   * A column whose index leads to far more rows than the subject's: a plus keeps SQLite from it, and PostgreSQL knows by
   * itself. https://www.sqlite.org/optoverview.html#disqualifying_where_clause_terms_using_unary_
   */
  #unindexed(column: string): RawBuilder<string> {
    return isPostgres(this.#db)
      ? sql<string>`${sql.ref(column)}`
      : sql<string>`+${sql.ref(column)}`;
  }

  async close(): Promise<void> {
    await this.#db.destroy();
  }

  /** The first and last place in a range, as far as its limit goes. */
  async #bounds(
    range: ReadingRange,
  ): Promise<{ readonly first: number; readonly last: number } | undefined> {
    const last = await this.#place(range, 0);
    if (last === undefined) return undefined;
    const first = range.limit === undefined ? 0 : await this.#place(range, range.limit - 1);
    return { first: first ?? 0, last };
  }

  async #place(range: ReadingRange, newer: number): Promise<number | undefined> {
    const query = this.#between(range).select("seq").orderBy("seq", "desc").limit(1).offset(newer);
    return (await query.executeTakeFirst())?.seq;
  }

  /** The places of the next portion, behind one place and up to another. */
  async #places(range: ReadingRange, after: number, last: number): Promise<number[]> {
    const sizes = await this.#between(range)
      .select(["seq", sql<number>`length(body)`.as("bytes")])
      .where("seq", ">", after)
      .where("seq", "<=", last)
      .orderBy("seq")
      .limit(PORTION.events)
      .execute();
    const count = fitting(
      sizes.map((one) => one.bytes),
      PORTION.bytes,
    );
    return sizes.slice(0, count).map((one) => one.seq);
  }

  /** Fewer than asked for where some were pruned meanwhile. */
  async #at(places: readonly number[]): Promise<RecordedEvent[]> {
    const rows = await this.#db
      .selectFrom("events")
      .select(["seq", "id", "source", "type", "subject", "received_at", "status", "changes"])
      .select(["body", "payload_pruned_at"])
      .where("seq", "in", places)
      .orderBy("seq")
      .execute();
    return rows.map(({ received_at, payload_pruned_at, changes, status, ...row }) => ({
      ...row,
      receivedAt: received_at,
      status: status as EventStatus,
      changes: changes === null ? [] : (JSON.parse(changes) as Change[]),
      payloadPrunedAt: payload_pruned_at,
    }));
  }

  #between({ since, until, source }: ReadingRange): SelectQueryBuilder<Tables, "events", object> {
    const query = this.#db
      .selectFrom("events")
      .where("seq", ">=", seqSince("events", since))
      .where(timeOf("events"), ">=", since)
      .where("seq", "<=", seqUntil("events", until))
      .where(timeOf("events"), "<", until);
    return source === undefined ? query : query.where("source", "=", source);
  }
}
