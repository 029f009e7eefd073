import type { CreateTableBuilder, Kysely } from "kysely";
import { isPostgres } from "../flavor.ts";

/** The type of payloads. */
export function bytes(db: Kysely<unknown>): "bytea" | "blob" {
  return isPostgres(db) ? "bytea" : "blob";
}

/** Begins a table whose rows are numbered; the number of a row that was pruned is never given again. */
export function createNumbered(
  db: Kysely<unknown>,
  table: string,
): CreateTableBuilder<string, "seq"> {
  const builder = db.schema.createTable(table);
  return isPostgres(db)
    ? builder.addColumn("seq", "bigserial", (column) => column.primaryKey())
    : builder.addColumn("seq", "integer", (column) => column.primaryKey().autoIncrement());
}
