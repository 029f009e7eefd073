import type { RootContent } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmStrikethroughFromMarkdown } from "mdast-util-gfm-strikethrough";
import { gfmStrikethrough } from "micromark-extension-gfm-strikethrough";
import type { Output } from "./engine.ts";

/** The most texts that stay parsed, and the most characters of one; ours: an author's texts are few and short. */
const KEPT = { texts: 500, chars: 4_000 } as const;

/** What was parsed of authors' texts, which hold no values, by what was switched off; never changed. */
const kept = new Map<string, readonly RootContent[]>();

/**
 * The Markdown of a rendering, without what is `disabled`. Parsing takes longer than all else that makes a message, and
 * the same few texts come again and again: they are parsed once, but for those that values are part of.
 */
export function parsedMarkdown(
  { text, hasRaw }: Output,
  disabled: readonly string[],
): readonly RootContent[] {
  if (hasRaw === true || text.length > KEPT.chars) return parse(text, disabled);
  const key = JSON.stringify([disabled, text]);
  const known = kept.get(key);
  if (known !== undefined) return known;
  const parsed = parse(text, disabled);
  if (kept.size >= KEPT.texts) kept.clear();
  kept.set(key, parsed);
  return parsed;
}

function parse(text: string, disabled: readonly string[]): readonly RootContent[] {
  return fromMarkdown(text, {
    extensions: [gfmStrikethrough({ singleTilde: false }), { disable: { null: [...disabled] } }],
    mdastExtensions: [gfmStrikethroughFromMarkdown()],
  }).children;
}
