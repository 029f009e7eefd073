import type { Block, Inline } from "../core/message.ts";
import { plainText } from "../core/message.ts";
import { fitBlocks, fitInlines } from "../core/text.ts";
import { plainBody } from "./inlines.ts";

/** A text at the length asked for. */
export interface Fitted {
  readonly text: string;
  readonly isCut: boolean;
}

/** A text that can be had shorter. */
export interface Piece {
  /** The most characters the platform takes here. */
  readonly max: number;
  /** The text in at most `max` characters. */
  fit(max: number): Fitted;
}

/** The pieces, each within its own limit and all together within `total` characters; the longest give way first. */
export function fitTogether(pieces: readonly Piece[], total: number): Fitted[] {
  const fitted = pieces.map((piece) => piece.fit(piece.max));
  const level = waterLevel(
    fitted.map((one) => one.text.length),
    total,
  );
  return pieces.map((piece, index) => {
    const own = fitted[index];
    return own !== undefined && own.text.length <= level
      ? own
      : piece.fit(Math.min(piece.max, level));
  });
}

/** The length that longer texts have to be cut to, so that all together fit; infinite when they do. */
export function waterLevel(lengths: readonly number[], total: number): number {
  let left = total;
  for (const [index, length] of lengths.toSorted((a, b) => a - b).entries()) {
    const share = Math.floor(left / (lengths.length - index));
    if (length > share) return share;
    left -= length;
  }
  return Number.POSITIVE_INFINITY;
}

/** As `fitInlines`, and where markup alone is already too long, the bare text. */
export function fitLine(
  inlines: readonly Inline[],
  max: number,
  render: (inlines: readonly Inline[]) => string,
): Fitted {
  const fitted = fitInlines(inlines, max, render);
  if (fitted.text !== "" || !fitted.isCut) return fitted;
  return fitInlines([{ type: "text", value: plainText(inlines) }], max, render);
}

/** As `fitBlocks`, and where markup alone is already too long, the bare text. */
export function fitBody(
  blocks: readonly Block[],
  max: number,
  render: (blocks: readonly Block[]) => string,
): Fitted {
  const fitted = fitBlocks(blocks, max, render);
  if (fitted.text !== "" || !fitted.isCut) return fitted;
  const children: Inline[] = [{ type: "text", value: plainBody(blocks) }];
  return fitBlocks([{ type: "paragraph", children }], max, render);
}
