import type { MoveEnd } from "../move-end.ts";
import { add, NOTHING, type Tally } from "./checksum.ts";
import { at } from "./ends.ts";
import type { MovedTable } from "./moved-tables.ts";
import { type Place, type Portion, portions, type Row } from "./portions.ts";

/** The portions of a table, of which one is read ahead. */
export async function* walk(
  end: MoveEnd,
  table: MovedTable,
  range: { readonly after?: Place | null; readonly upTo?: Place | null },
): AsyncGenerator<Portion> {
  const read = portions(end.db, table, range);
  const next = () => {
    const reading = at(end, () => read.next());
    // Whoever waits for it hears of it.
    reading.catch(() => undefined);
    return reading;
  };
  for (let reading = next(); ;) {
    const { value, done } = await reading;
    if (done) return;
    reading = next();
    yield value;
  }
}

/** What is in a table, up to a place if one is given, after each row has been made what it would be elsewhere. */
export async function tally(
  end: MoveEnd,
  table: MovedTable,
  { carry = AS_IT_IS, upTo = null, onRows }: TallyRequest,
): Promise<Tally> {
  let sum = NOTHING;
  for await (const { rows } of walk(end, table, { upTo })) {
    sum = add(sum, table, carry(table, rows));
    onRows(rows.length);
  }
  return sum;
}

/** How the rows of a table are tallied. */
export interface TallyRequest {
  readonly carry?: (table: MovedTable, rows: readonly Row[]) => readonly Row[];
  readonly upTo?: Place | null;
  readonly onRows: (count: number) => void;
}

const AS_IT_IS = (_table: MovedTable, rows: readonly Row[]): readonly Row[] => rows;
