import type { Block, Inline, TimeStyle } from "../../core/message.ts";
import { plainText } from "../../core/message.ts";
import { clean, cleanLine } from "../clean.ts";
import { merged } from "../inlines.ts";
import { webAddress } from "../web-address.ts";
import { escapeCode, escapeEntities, escapeLabel, escapeMrkdwn } from "./escape.ts";
import { SHARE } from "./limits.ts";

/** A character without width that formats may begin and end beside. */
const EDGE = "\u200b";

/** How rich text is written: what values are escaped by, and whether everything stays on one line. */
interface Style {
  readonly escape: (text: string) => string;
  readonly isLine: boolean;
}

const LINES: Style = { escape: escapeMrkdwn, isLine: false };
const LINE: Style = { escape: escapeMrkdwn, isLine: true };

/** Running text on one line as mrkdwn. */
export function mrkdwnLine(inlines: readonly Inline[]): string {
  return inlineText(inlines, LINE, "").trim();
}

/** Blocks as mrkdwn, values escaped by `escape`. */
export function mrkdwnBlocks(blocks: readonly Block[], escape = escapeMrkdwn): string {
  return blockText(blocks, { ...LINES, escape }, 0).trim();
}

/** A link, or the bare label when the address is none that may be linked. */
export function mrkdwnLink(url: string, label: string): string {
  const address = webAddress(url, SHARE.link);
  if (address === null) return escapeMrkdwn(cleanLine(label));
  return `<${escapeEntities(address)}|${escapeLabel(label).trim() || escapeLabel(address)}>`;
}

/**
 * A moment that Slack shows in the reader's own time zone.
 * https://docs.slack.dev/messaging/formatting-message-text#date-formatting
 */
export function mrkdwnTime(time: string, style: TimeStyle, fallback: string): string {
  const seconds = Math.floor(Date.parse(time) / 1000);
  if (Number.isNaN(seconds)) return escapeMrkdwn(cleanLine(fallback));
  const shown = escapeLabel(fallback).trim() || new Date(seconds * 1000).toISOString();
  return `<!date^${seconds}^${TOKENS[style]}|${shown}>`;
}

const TOKENS: { readonly [style in TimeStyle]: string } = {
  date: "{date_short_pretty}",
  datetime: "{date_short_pretty} at {time}",
  relative: "{ago}",
};

function inlineText(inlines: readonly Inline[], style: Style, active: string): string {
  let text = "";
  let isAfterFormat = false;
  for (const inline of merged(inlines)) {
    const piece = inlinePiece(inline, style, active);
    if (piece === "") continue;
    const isFormat = FORMATS.has(inline.type);
    const needsEdge = isFormat
      ? text !== "" && !/[\s(]$/u.test(text)
      : isAfterFormat && /^[\p{L}\p{N}]/u.test(piece);
    text += needsEdge ? EDGE + piece : piece;
    isAfterFormat = isFormat;
  }
  return text;
}

const FORMATS: ReadonlySet<Inline["type"]> = new Set(["strong", "emphasis", "strike", "code"]);

function inlinePiece(inline: Inline, style: Style, active: string): string {
  switch (inline.type) {
    case "text":
      return style.escape(style.isLine ? cleanLine(inline.value) : inline.value);
    case "strong":
      return format("*", inline.children, style, active);
    case "emphasis":
      return format("_", inline.children, style, active);
    case "strike":
      return format("~", inline.children, style, active);
    case "code":
      return inline.value.trim() === "" ? "" : `\`${escapeCode(cleanLine(inline.value))}\``;
    case "link":
      return mrkdwnLink(inline.url, plainText(inline.children));
    case "time":
      return mrkdwnTime(inline.time, inline.style, inline.fallback);
    case "break":
      return style.isLine ? " " : "\n";
  }
}

/** Formats end with the line and must not begin or end with a space; the same one within itself does nothing. */
function format(mark: string, children: readonly Inline[], style: Style, active: string): string {
  const inner = inlineText(children, style, active + mark);
  if (active.includes(mark)) return inner;
  return inner.replace(/[^\n]+/g, (line) => {
    const [, before = "", text = "", after = ""] = /^(\s*)(.*?)(\s*)$/su.exec(line) ?? [];
    return text === "" ? line : `${before}${mark}${text}${mark}${after}`;
  });
}

function blockText(blocks: readonly Block[], style: Style, depth: number): string {
  let text = "";
  for (const [index, block] of blocks.entries()) {
    const piece = blockPiece(block, style, depth);
    const isTight = block.type === "list" || blocks[index - 1]?.type === "list" || depth > 0;
    text += text === "" ? piece : (isTight ? "\n" : "\n\n") + piece;
  }
  return text;
}

function blockPiece(block: Block, style: Style, depth: number): string {
  switch (block.type) {
    case "paragraph":
      return inlineText(block.children, style, "");
    case "heading":
      return inlineText([{ type: "strong", children: block.children }], style, "");
    case "list":
      return block.items
        .map((item, index) => {
          const bullet = block.ordered ? `${block.start + index}.` : depth === 0 ? "•" : "◦";
          return `${bullet} ${indent(blockText(item, style, depth + 1), "    ")}`;
        })
        .join("\n");
    case "quote":
      return `> ${indent(blockText(block.children, style, depth), "> ")}`;
    case "code":
      return `\`\`\`\n${escapeEntities(clean(block.value).replaceAll("```", "\u02cb\u02cb\u02cb"))}\n\`\`\``;
    case "rule":
      return "———";
  }
}

function indent(text: string, by: string): string {
  return text.replaceAll("\n", `\n${by}`);
}
