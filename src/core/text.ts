import type { Block, Inline } from "./message.ts";

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** The mark at the end of a text that was cut. */
export const ELLIPSIS = "…";

/** The text in at most `max` UTF-16 code units, cut between characters and marked with an ellipsis. */
export function truncate(text: string, max: number): string {
  if (text.length <= max) return text;
  return keep(text, max - ELLIPSIS.length).trimEnd() + ELLIPSIS;
}

/** As many whole characters from the start of the text as fit in `max` UTF-16 code units. */
function keep(text: string, max: number): string {
  let end = 0;
  for (const { index, segment } of graphemes.segment(text.slice(0, max + 64))) {
    if (index + segment.length > max) break;
    end = index + segment.length;
  }
  return text.slice(0, end);
}

/**
 * The longest beginning of a rich text whose rendering is at most `max` UTF-16 code units long.
 * Since the tree is cut and not the rendering, no escape and no markup is ever cut in two.
 */
export function fitInlines(
  inlines: readonly Inline[],
  max: number,
  render: (inlines: readonly Inline[]) => string,
): { readonly text: string; readonly isCut: boolean } {
  return fit(inlines, max, render, cutInlines);
}

/** As `fitInlines`, for blocks; blocks that no longer hold anything are left out. */
export function fitBlocks(
  blocks: readonly Block[],
  max: number,
  render: (blocks: readonly Block[]) => string,
): { readonly text: string; readonly isCut: boolean } {
  return fit(blocks, max, render, cutBlocks);
}

function fit<T>(
  given: readonly T[],
  max: number,
  render: (part: readonly T[]) => string,
  cut: (whole: readonly T[], budget: Budget) => T[],
): { text: string; isCut: boolean } {
  // No rendering is shorter than its text: what lies beyond `max` is never rendered at all, however long it is.
  const bounds: Budget = { left: max, isSpent: false };
  const whole = cut(given, bounds);
  if (!bounds.isSpent) {
    const text = render(whole);
    if (text.length <= max) return { text, isCut: false };
  }
  let [fits, tooLong] = [0, max + 1];
  let best = "";
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    const candidate = render(cut(whole, { left: middle, isSpent: false }));
    if (candidate.length <= max) [fits, best] = [middle, candidate];
    else tooLong = middle;
  }
  return { text: best, isCut: true };
}

/** How many code units of text may still be kept; once spent, an ellipsis has been written. */
interface Budget {
  left: number;
  isSpent: boolean;
}

function cutText(text: string, budget: Budget): string {
  if (text.length <= budget.left) {
    budget.left -= text.length;
    return text;
  }
  const kept = keep(text, budget.left);
  budget.left = 0;
  budget.isSpent = true;
  return kept.trimEnd() + ELLIPSIS;
}

function cutInlines(inlines: readonly Inline[], budget: Budget): Inline[] {
  const kept: Inline[] = [];
  for (const inline of inlines) {
    if (budget.isSpent) break;
    kept.push(cutInline(inline, budget));
  }
  return kept;
}

function cutInline(inline: Inline, budget: Budget): Inline {
  switch (inline.type) {
    case "text":
    case "code":
      return { ...inline, value: cutText(inline.value, budget) };
    case "strong":
    case "emphasis":
    case "strike":
    case "link":
      return { ...inline, children: cutInlines(inline.children, budget) };
    case "time": {
      const text = cutText(inline.fallback, budget);
      return budget.isSpent ? { type: "text", value: text } : inline;
    }
    case "break":
      return inline;
  }
}

function cutBlocks(blocks: readonly Block[], budget: Budget): Block[] {
  const kept: Block[] = [];
  for (const block of blocks) {
    if (budget.isSpent) break;
    kept.push(cutBlock(block, budget));
  }
  return kept;
}

function cutBlock(block: Block, budget: Budget): Block {
  switch (block.type) {
    case "paragraph":
    case "heading":
      return { ...block, children: cutInlines(block.children, budget) };
    case "quote":
      return { ...block, children: cutBlocks(block.children, budget) };
    case "list": {
      const items: Block[][] = [];
      for (const item of block.items) {
        if (budget.isSpent) break;
        items.push(cutBlocks(item, budget));
      }
      return { ...block, items };
    }
    case "code":
      return { ...block, value: cutText(block.value, budget) };
    case "rule":
      return block;
  }
}
