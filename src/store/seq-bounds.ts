import { type RawBuilder, sql } from "kysely";

/** The column of each table that tells when a row was made; both have an index. */
const TIMES = { events: "received_at", deliveries: "created_at" } as const;

/** How far the clock may jump without a row being missed, in milliseconds; ours. */
const JUMP_MS = 60_000;

/** How many rows next to a time are looked at, so that few are missed where the clock jumped farther; ours. */
const NEAR = 1_000;

/**
 * The time of a row, for a condition beside those bounds. It is kept from the index of times: rows are walked through in the
 * order of their numbers, and not collected by their times and sorted.
 */
export function timeOf(table: keyof typeof TIMES, alias: string = table): RawBuilder<number> {
  return sql<number>`(${sql.ref(`${alias}.${TIMES[table]}`)} + 0)`;
}

/**
 * A number that no row from a time on lies below, close to the lowest of theirs, so that a walk in the order of the
 * numbers passes few rows that are too old. The index of times alone tells it.
 */
export function seqSince(table: keyof typeof TIMES, since: number): RawBuilder<number> {
  const [rows, time, from] = [sql.table(table), sql.ref(TIMES[table]), since - JUMP_MS];
  const near = sql`select seq from ${rows} where ${time} >= ${from} order by ${time} limit ${sql.lit(NEAR)}`;
  const older = sql`select seq from ${rows} where ${time} < ${from} order by ${time} desc limit 1`;
  return sql<number>`(select min(seq) from (select seq from (${near}) as near union all select coalesce((${older}), 0)) as bounds)`;
}

/** A number that no row from before a time lies above, close to the highest of theirs. */
export function seqUntil(table: keyof typeof TIMES, until: number): RawBuilder<number> {
  const [rows, time, to] = [sql.table(table), sql.ref(TIMES[table]), until + JUMP_MS];
  const near = sql`select seq from ${rows} where ${time} < ${to} order by ${time} desc limit ${sql.lit(NEAR)}`;
  const newer = sql`select seq from ${rows} where ${time} >= ${to} order by ${time} limit 1`;
  const last = sql.lit(Number.MAX_SAFE_INTEGER);
  return sql<number>`(select max(seq) from (select seq from (${near}) as near union all select coalesce((${newer}), ${last})) as bounds)`;
}
