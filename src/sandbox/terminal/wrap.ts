import stringWidth from "string-width";
import type { Line, Look, Span } from "./span.ts";
import { visible } from "./visible.ts";

/** A row of the terminal: spans that together are no wider than asked for. */
export type Row = readonly Span[];

/** The lines in rows of at most `width` columns, broken between words, and inside only those that are wider. */
export function wrap(lines: readonly Line[], width: number): Row[] {
  return lines.flatMap((line) => wrapLine(line, width));
}

/** How many columns the spans take behind a space, which a mark at their beginning joins. */
export function widthOf(row: Row): number {
  return stringWidth(` ${row.map((span) => span.text).join("")}`) - 1;
}

interface Piece {
  readonly text: string;
  readonly look: Look;
  readonly width: number;
}

function wrapLine({ spans, lead = [], hang = [] }: Line, width: number): Row[] {
  const room = Math.max(1, width - widthOf(lead));
  const rows: Piece[][] = [[]];
  let used = 0;
  const turn = () => {
    rows.push([]);
    used = 0;
  };
  for (const word of wordsOf(spans)) {
    const wide = word.reduce((sum, piece) => sum + piece.width, 0);
    const isSpace = word[0]?.text.trim() === "";
    if (used > 0 && used + wide > room) turn();
    if (isSpace && used === 0 && rows.length > 1) continue;
    for (const piece of wide > room ? word.flatMap(charactersOf) : word) {
      if (used > 0 && used + piece.width > room) turn();
      rows.at(-1)?.push(piece);
      used += piece.width;
    }
  }
  return rows.map((row, index) => [...(index === 0 ? lead : hang), ...joined(row)]);
}

/** Runs of text and runs of spaces; one word may hold several looks. */
function wordsOf(spans: readonly Span[]): Piece[][] {
  const words: Piece[][] = [];
  let isSpace: boolean | undefined;
  for (const { text, look } of spans) {
    for (const part of visible(text).match(/ +|[^ ]+/g) ?? []) {
      const piece = { text: part, look, width: stringWidth(part) };
      const startsWithSpace = part.startsWith(" ");
      if (isSpace === startsWithSpace) words.at(-1)?.push(piece);
      else words.push([piece]);
      isSpace = startsWithSpace;
    }
  }
  return words;
}

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

function charactersOf({ text, look }: Piece): Piece[] {
  return [...segmenter.segment(text)].map(({ segment }) => ({
    text: segment,
    look,
    width: stringWidth(segment),
  }));
}

/** The pieces as spans, neighbors of one look made one and the space at the end left out. */
function joined(row: readonly Piece[]): Span[] {
  const spans: Span[] = [];
  for (const { text, look } of row) {
    const last = spans.at(-1);
    if (last?.look === look) spans[spans.length - 1] = { text: last.text + text, look };
    else spans.push({ text, look });
  }
  const last = spans.at(-1);
  if (last === undefined) return spans;
  const trimmed = { text: last.text.trimEnd(), look: last.look };
  return trimmed.text === "" ? spans.slice(0, -1) : [...spans.slice(0, -1), trimmed];
}
