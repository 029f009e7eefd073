import { plain, type Span } from "./span.ts";
import { widthOf, wrap, type Row } from "./wrap.ts";

const FRAME = { dim: true } as const;

/** The rows in a frame of `width` columns with a title in its upper edge; rows are at most `width - 4` wide. */
export function box(title: string, rows: readonly Row[], width: number): Row[] {
  const shown = wrap([{ spans: [plain(title)] }], Math.max(1, width - 6))[0] ?? [];
  const rule = "─".repeat(Math.max(0, width - 5 - widthOf(shown)));
  const top = [frame("╭─ "), ...shown, frame(` ${rule}╮`)];
  const bottom = [frame(`╰${"─".repeat(width - 2)}╯`)];
  return [top, ...rows.map((row) => [frame("│ "), ...pad(row, width - 4), frame(" │")]), bottom];
}

/** The row, filled up with spaces to so many columns. */
export function pad(row: Row, width: number): Row {
  const missing = width - widthOf(row);
  return missing > 0 ? [...row, plain(" ".repeat(missing))] : row;
}

function frame(text: string): Span {
  return { text, look: FRAME };
}
