import type { Compilable, CompiledQuery, Kysely } from "kysely";
import { isPostgres, jsonOf } from "./flavor.ts";
import { Placeholder } from "./placeholder.ts";
import type { Tables } from "./tables.ts";

/**
 * A statement that is built and compiled when it is first used, and kept from then on for each of the databases: building
 * one takes longer than most run. `build` sees placeholders where the values will be, which it can only pass on, and
 * rows in `given`. Resolves with the rows that it gives back.
 */
export function statement<Values extends object, Row>(
  build: (db: Kysely<Tables>, values: Values) => Compilable<Row>,
): (db: Kysely<Tables>, values: Values) => Promise<Row[]> {
  const kept: Record<"postgres" | "sqlite", CompiledQuery<Row> | undefined> = {
    postgres: undefined,
    sqlite: undefined,
  };
  return async (db, values) => {
    const flavor = isPostgres(db) ? "postgres" : "sqlite";
    const query = (kept[flavor] ??= build(
      db,
      new Proxy<Values>({} as Values, PLACEHOLDERS),
    ).compile());
    const known = new Map<string, unknown>(Object.entries(values));
    const parameters = query.parameters.map((one) => valueOf(one, known));
    const { rows } = await db.executeQuery<Row>({ ...query, parameters });
    return rows;
  };
}

const PLACEHOLDERS = { get: (_: object, name: string | symbol) => new Placeholder(String(name)) };

function valueOf(parameter: unknown, known: ReadonlyMap<string, unknown>): unknown {
  if (!(parameter instanceof Placeholder)) return parameter;
  const value = known.get(parameter.name);
  return parameter.isJson ? jsonOf(value as readonly object[]) : value;
}
