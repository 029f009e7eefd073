/** How a piece of text looks. */
export interface Look {
  readonly bold?: boolean;
  readonly italic?: boolean;
  readonly underline?: boolean;
  readonly strike?: boolean;
  /** Less important than the rest. */
  readonly dim?: boolean;
  /** Code, or anything else set off from running text. */
  readonly inverse?: boolean;
  /** 0xRRGGBB. */
  readonly color?: number;
  /** Where a link leads. */
  readonly href?: string;
}

/** A piece of text with one look; it never holds a line break. */
export interface Span {
  readonly text: string;
  readonly look: Look;
}

/** A line of text before it is wrapped. */
export interface Line {
  readonly spans: readonly Span[];
  /** What the line starts with: a bullet, a bar. */
  readonly lead?: readonly Span[];
  /** What the rows after the first start with, when the line is wrapped; as wide as the lead. */
  readonly hang?: readonly Span[];
}

/** Text that is not set off in any way. */
export function plain(text: string): Span {
  return { text, look: {} };
}

/** The spans as lines, ended where a span holds a line break. */
export function linesOf(spans: readonly Span[]): Line[] {
  const lines: Span[][] = [[]];
  for (const { text, look } of spans) {
    for (const [index, part] of text.split("\n").entries()) {
      if (index > 0) lines.push([]);
      if (part !== "") lines.at(-1)?.push({ text: part, look });
    }
  }
  return lines.map((line) => ({ spans: line }));
}
