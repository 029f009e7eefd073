import type { Problem } from "../core/problem.ts";

/** A stretch of a template file that Handlebars reads by itself: the body, or one text of the front matter. */
export class Piece {
  /** The file's path as the reader knows it. */
  readonly file: string;
  /** The file's whole text. */
  readonly source: string;
  /** What Handlebars reads. */
  readonly text: string;
  /** The path in the front matter, such as `fields[0].value`; empty for the body. */
  readonly path: string;
  readonly #offsets: readonly number[] | number;

  /** `offsets` holds where each code unit of the text stands in the source, or where an unchanged stretch begins. */
  constructor(
    at: { readonly file: string; readonly source: string; readonly path: string },
    text: string,
    offsets: readonly number[] | number,
  ) {
    this.file = at.file;
    this.source = at.source;
    this.path = at.path;
    this.text = text;
    this.#offsets = offsets;
  }

  /** Where the code unit at an offset into the text stands in the source. */
  sourceOffset(offset: number): number {
    if (typeof this.#offsets === "number") return this.#offsets + offset;
    return this.#offsets[Math.min(offset, this.#offsets.length - 1)] ?? 0;
  }

  /** The offset into the text of a place as Handlebars tells it: lines from 1, columns from 0. */
  offsetOf(line: number, column: number): number {
    let start = 0;
    for (let passed = 1; passed < line; passed++) {
      const end = this.text.indexOf("\n", start);
      if (end === -1) break;
      start = end + 1;
    }
    return Math.min(start + column, this.text.length);
  }

  /** An error at an offset into the text. */
  problem(offset: number, length: number, message: string): Problem {
    return problemAt(this, this.sourceOffset(offset), length, message);
  }
}

/** An error at an offset into a file's text. */
export function problemAt(
  at: { readonly file: string; readonly source: string; readonly path: string },
  offset: number,
  length: number,
  message: string,
): Problem {
  const { file, source, path } = at;
  const place = lineAndColumn(source, offset);
  return { severity: "error", file, ...place, length: Math.max(1, length), path, message };
}

/** Line and column from 1. */
export function lineAndColumn(source: string, offset: number): { line: number; column: number } {
  const before = source.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
