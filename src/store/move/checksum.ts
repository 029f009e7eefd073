import { createHash } from "node:crypto";
import type { MovedTable } from "./moved-tables.ts";
import type { Row } from "./portions.ts";

/** How many rows there are, and what is in them. */
export interface Tally {
  readonly rows: number;
  /** 64 hex digits. */
  readonly checksum: string;
}

/** The tally of no rows. */
export const NOTHING: Tally = { rows: 0, checksum: "0".repeat(64) };

/** Sums are taken modulo 2 to the power of 256. */
const BITS = 256;

/**
 * A tally with more rows. Its checksum is the sum of the SHA-256 of each row, and so does not depend on the order in
 * which a database has them, nor on how they are read in portions.
 */
export function add(
  { rows: before, checksum }: Tally,
  table: MovedTable,
  rows: readonly Row[],
): Tally {
  const sum = rows.reduce((all, row) => all + digestOf(table, row), BigInt(`0x${checksum}`));
  return {
    rows: before + rows.length,
    checksum: BigInt.asUintN(BITS, sum).toString(16).padStart(64, "0"),
  };
}

/** The SHA-256 of the row's values as JSON, bytes by their number and then as they are. */
function digestOf(table: MovedTable, row: Row): bigint {
  const bytes: Uint8Array[] = [];
  const values = table.columns.map(([name]) => {
    const value = row[name];
    if (!(value instanceof Uint8Array)) return value;
    bytes.push(value);
    return { bytes: value.length };
  });
  const hash = createHash("sha256").update(JSON.stringify(values));
  for (const one of bytes) hash.update(one);
  return BigInt(`0x${hash.digest("hex")}`);
}

/** Whether two tallies are of the same rows. */
export function isSame(one: Tally, other: Tally): boolean {
  return one.rows === other.rows && one.checksum === other.checksum;
}
