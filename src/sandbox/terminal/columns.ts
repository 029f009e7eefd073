import { pad } from "./box.ts";
import { plain, type Line } from "./span.ts";
import { wrap, type Row } from "./wrap.ts";

const GAP = "  ";

/** The cells next to each other, each wrapped in its share of the width. */
export function columns(cells: readonly (readonly Line[])[], width: number, count: number): Row[] {
  const share = Math.max(1, Math.floor((width - GAP.length * (count - 1)) / count));
  const wrapped = cells.map((cell) => wrap(cell, share));
  const height = Math.max(0, ...wrapped.map((rows) => rows.length));
  return Array.from({ length: height }, (_, at) =>
    wrapped.flatMap((rows, index) => {
      const row = rows[at] ?? [];
      return index === wrapped.length - 1 ? row : [...pad(row, share), plain(GAP)];
    }),
  );
}
