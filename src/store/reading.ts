import Database from "better-sqlite3";
import { Kysely, type SelectQueryBuilder, sql } from "kysely";
import type { Change } from "../core/change.ts";
import { BridgeError } from "../core/error.ts";
import { fitting } from "./fitting.ts";
import { MIGRATIONS } from "./migrations/index.ts";
import { seqSince, seqUntil } from "./seq-bounds.ts";
import { sqliteDialect } from "./sqlite-dialect.ts";
import type { EventStatus, RecordedEvent } from "./store.ts";
import type { Tables } from "./tables.ts";

/** Which events are read: the newest `limit` of those received in a time, in milliseconds since the epoch. */
export interface ReadingRange {
  readonly since: number;
  readonly until: number;
  readonly source?: string | undefined;
  readonly limit?: number | undefined;
}

/**
 * Opens the store in an SQLite file to read from it, beside the bridge that runs on it.
 * Throws a `BridgeError` when there is none, or one that another version of Bellhop wrote.
 */
export async function openReading(path: string): Promise<Reading> {
  let database: Database.Database | undefined;
  try {
    database = new Database(path, { readonly: true, fileMustExist: true });
    database.pragma("query_only = 1");
    checkVersion(path, database);
    return new Reading(new Kysely<Tables>({ dialect: sqliteDialect(database) }));
  } catch (error) {
    database?.close();
    throw error instanceof BridgeError ? error : unreadable(path, error);
  }
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
      // The plus keeps SQLite from the indexes of all of a source's events: https://www.sqlite.org/optoverview.html#disqualifying_where_clause_terms_using_unary_
      .where(sql`+${sql.ref("source")}`, "=", source)
      .where("type", "=", type)
      .where(sql`+${sql.ref("status")}`, "in", ["sent", "unrouted", "unchanged"])
      .orderBy("seq", "desc")
      .limit(1)
      .executeTakeFirst();
    return row === undefined || row.payload_pruned_at !== null ? undefined : row.body;
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
      .where("received_at", ">=", since)
      .where("seq", "<=", seqUntil("events", until))
      .where("received_at", "<", until);
    return source === undefined ? query : query.where("source", "=", source);
  }
}

/** Only the bridge brings the tables up to date: whoever reads beside it must find them so. */
function checkVersion(path: string, database: Database.Database): void {
  const tables = database
    .prepare("select name from sqlite_master where type = 'table' and name = 'kysely_migration'")
    .all();
  if (tables.length === 0)
    throw new BridgeError("store-empty", `The file ${path} is no store of Bellhop.`, {
      hint: "The config names it under `store`. A bridge makes its store when it starts.",
    });
  const rows = database.prepare("select name from kysely_migration").all() as { name: string }[];
  const found = new Set(rows.map((row) => row.name));
  if ([...found].some((name) => !(name in MIGRATIONS)))
    throw new BridgeError("store-newer", `A newer version of Bellhop wrote the store ${path}.`, {
      hint: "Use the version that its bridge runs.",
    });
  if (Object.keys(MIGRATIONS).some((name) => !found.has(name)))
    throw new BridgeError("store-older", `An older version of Bellhop wrote the store ${path}.`, {
      hint: "Start its bridge once with this version, which brings the store up to date; or use the version that its bridge runs.",
    });
}

function unreadable(path: string, error: unknown): BridgeError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  // better-sqlite3 has no code of its own for a folder that is not there.
  const isMissing = code === "SQLITE_CANTOPEN" || error instanceof TypeError;
  const why = error instanceof Error ? error.message : String(error);
  return new BridgeError(
    isMissing ? "store-missing" : "store-unreadable",
    `The store ${path} cannot be read: ${why}.`,
    {
      hint: isMissing
        ? "The config names it under `store`. A bridge makes its store when it first starts; this command reads it on the same machine."
        : "Check that it is a store of Bellhop, and that it can be read.",
      cause: error,
    },
  );
}
