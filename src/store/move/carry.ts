import { storable } from "../flavor.ts";
import { keptName } from "../kept-name.ts";
import type { MovedTable } from "./moved-tables.ts";
import type { Row } from "./portions.ts";

/** Rows as the new store keeps them: as it would have written them itself, and without what a bridge held while it ran. */
export function carried(table: MovedTable, rows: readonly Row[]): readonly Row[] {
  return rows.map((row) =>
    Object.fromEntries(
      table.columns.map(([name]) => [
        name,
        table.dropped.includes(name) ? null : kept(`${table.name}.${name}`, row[name]),
      ]),
    ),
  );
}

/** What may be as long as a payload in a store that an earlier version wrote. */
const NAMES: ReadonlySet<string> = new Set(["events.key", "events.subject", "snapshots.subject"]);

/** What is searched as JSON, in which a character may be written that the database refuses to read there. */
const SEARCHED = "deliveries.last_error";

function kept(column: string, value: unknown): unknown {
  if (typeof value !== "string") return storable(column, value);
  if (NAMES.has(column)) return keptName(value);
  if (column === SEARCHED) return JSON.stringify(JSON.parse(value), storable);
  return storable(column, value);
}
