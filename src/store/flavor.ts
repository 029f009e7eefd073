import { type AliasedRawBuilder, type Kysely, PostgresAdapter, type RawBuilder, sql } from "kysely";
import { Placeholder } from "./placeholder.ts";

/** Whether statements are for PostgreSQL; otherwise they are for SQLite, where one transaction writes at a time. */
export function isPostgres<Db>(db: Kysely<Db>): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter;
}

/** The types of columns that both databases know by the same name. */
export type ColumnType = "text" | "bigint";

type Columns<Row> = { readonly [Column in keyof Row & string]: ColumnType };

/**
 * Rows that a statement is given in one parameter, as a table called `given`, so that it is one statement however many
 * there are.
 * https://www.postgresql.org/docs/current/functions-json.html https://www.sqlite.org/json1.html#jeach
 */
export function given<Db, Row extends object>(
  db: Kysely<Db>,
  columns: Columns<Row>,
  rows: readonly Row[],
): AliasedRawBuilder<Row, "given"> {
  const json = rows instanceof Placeholder ? new Placeholder(rows.name, true) : jsonOf(rows);
  const names = Object.entries<ColumnType>(columns);
  if (isPostgres(db)) {
    const typed = names.map(([name, type]) => sql`${sql.ref(name)} ${sql.raw(type)}`);
    return sql<Row>`jsonb_to_recordset(${json}::jsonb)`.as<"given">(sql`given(${sql.join(typed)})`);
  }
  const picked = names.map(([name]) => sql`value ->> ${sql.lit(name)} as ${sql.ref(name)}`);
  return sql<Row>`(select ${sql.join(picked)} from json_each(${json}))`.as("given");
}

/** A field of an object that is kept as JSON text, as text. */
export function field<Db>(db: Kysely<Db>, column: string, name: string): RawBuilder<string | null> {
  const json = isPostgres(db) ? sql`${sql.ref(column)}::jsonb` : sql.ref(column);
  return sql<string | null>`${json} ->> ${sql.lit(name)}`;
}

/** How JSON writes what `storable` mends; now and then also something else, at the cost of a second look. */
const UNSTORABLE = /\\u(?:0000|d[89a-f])|":-?\d+[.e]/;

/** Rows as JSON that both databases take, for `given`. */
export function jsonOf(rows: readonly object[]): string {
  const json = JSON.stringify(rows);
  return UNSTORABLE.test(json) ? JSON.stringify(rows, storable) : json;
}

/**
 * A value as both databases keep it, so that they do not differ: PostgreSQL's texts and JSON hold neither the character NUL
 * nor half of a surrogate pair, and all our columns of numbers hold whole ones. It can replace values where JSON is written.
 * https://www.postgresql.org/docs/current/datatype-json.html
 */
export function storable(_key: string, value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed().replaceAll("\0", "\u2400");
  return typeof value === "number" ? Math.ceil(value) : value;
}
