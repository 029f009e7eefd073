import { type Kysely, type RawBuilder, sql } from "kysely";
import { fitting } from "../fitting.ts";
import type { Tables } from "../tables.ts";
import type { MovedTable } from "./moved-tables.ts";

/** A row of any table, by column. */
export type Row = Readonly<Record<string, unknown>>;

/** The values of a table's key: where a walk through its rows stands. */
export type Place = readonly (string | number)[];

/** Some rows of a table that follow each other in the order of its key, and the last one's place. */
export interface Portion {
  readonly rows: readonly Row[];
  readonly last: Place;
}

/** The most rows of one portion, and the bytes in them; ours: it is what is held in memory at once, some times over. */
const PORTION = { rows: 1_000, bytes: 4_194_304 } as const;

/**
 * All rows of a table behind a place and up to another, a portion at a time. Each database has an order of its own for
 * texts, so a place means something only where it was read.
 */
export async function* portions(
  db: Kysely<Tables>,
  table: MovedTable,
  range: { readonly after?: Place | null; readonly upTo?: Place | null } = {},
): AsyncGenerator<Portion> {
  const upTo = range.upTo ?? null;
  let after = range.after ?? null;
  for (;;) {
    const last = await lastOfNext(db, table, { after, upTo });
    if (last === undefined) return;
    yield { rows: await rowsBetween(db, table, after, last), last };
    after = last;
  }
}

/** The place of the last row that fits into one portion; `undefined` at the end. */
async function lastOfNext(
  db: Kysely<Tables>,
  table: MovedTable,
  { after, upTo }: { readonly after: Place | null; readonly upTo: Place | null },
): Promise<Place | undefined> {
  const sizes = table.columns
    .filter(([, kind]) => kind !== "bigint")
    .map(([name]) => sql`coalesce(octet_length(${sql.ref(name)}), 0)`);
  const { rows } = await sql<Row & { bytes: number }>`
    select ${columnsOf(table.key)}, ${sql.join(sizes, sql` + `)} as bytes
    from ${sql.table(table.name)}
    where ${behind(table, after)} and ${notBehind(table, upTo)}
    order by ${columnsOf(table.key)}
    limit ${sql.lit(PORTION.rows)}`.execute(db);
  const count = fitting(
    rows.map(({ bytes }) => bytes),
    PORTION.bytes,
  );
  const last = rows[count - 1];
  return last === undefined ? undefined : table.key.map((name) => last[name] as string | number);
}

async function rowsBetween(
  db: Kysely<Tables>,
  table: MovedTable,
  after: Place | null,
  last: Place,
): Promise<readonly Row[]> {
  const { rows } = await sql<Row>`
    select ${columnsOf(table.columns.map(([name]) => name))}
    from ${sql.table(table.name)}
    where ${behind(table, after)} and ${notBehind(table, last)}`.execute(db);
  return rows;
}

function behind(table: MovedTable, place: Place | null): RawBuilder<unknown> {
  return place === null ? sql`true` : sql`(${columnsOf(table.key)}) > (${sql.join(place)})`;
}

function notBehind(table: MovedTable, place: Place | null): RawBuilder<unknown> {
  return place === null ? sql`true` : sql`(${columnsOf(table.key)}) <= (${sql.join(place)})`;
}

function columnsOf(names: readonly string[]): RawBuilder<unknown> {
  return sql.join(names.map((name) => sql.ref(name)));
}
