import type { Block, Inline, TimeStyle } from "../../core/message.ts";
import { plainText } from "../../core/message.ts";
import { cleanLine } from "../clean.ts";
import { merged } from "../inlines.ts";
import { pageAddress } from "../web-address.ts";
import { escapeCode, escapeMarkdown } from "./escape.ts";
import { MAX_URL_CHARS } from "./limits.ts";

/** A character without width that formats may begin and end beside. */
const EDGE = "\u200b";

/** Where rich text stands: whether on one line, and how links and times are written there. */
interface Place {
  readonly isLine: boolean;
  /** Content has no masked links from everyone: there the address is shown, in a form that opens no preview. */
  readonly links: "masked" | "shown" | "none";
  readonly hasTimes: boolean;
}

const LABEL: Place = { isLine: true, links: "none", hasTimes: false };
const BODY: Place = { isLine: false, links: "masked", hasTimes: true };
const CONTENT: Place = { isLine: false, links: "shown", hasTimes: true };

/** Running text on one line, for titles and the names of fields, which take no links. */
export function markdownLine(inlines: readonly Inline[]): string {
  return inlineText(inlines, LABEL, "").trim();
}

/** Blocks for a description or the value of a field. */
export function markdownBody(blocks: readonly Block[]): string {
  return blockText(blocks, BODY, 0).trim();
}

/** Blocks for the content of a message. */
export function markdownContent(blocks: readonly Block[]): string {
  return blockText(blocks, CONTENT, 0).trim();
}

/** A masked link, or the bare label when the address is none that may be linked. */
export function markdownLink(url: string, label: string): string {
  const address = pageAddress(url, MAX_URL_CHARS);
  const shown = cleanLine(label).trim();
  if (address === null) return escapeMarkdown(shown);
  return `[${escapeMarkdown(shown === "" ? new URL(address).host : shown)}](${address})`;
}

/**
 * A moment that Discord shows in the reader's own time zone.
 * https://docs.discord.com/developers/reference#message-formatting-timestamp-styles
 */
export function markdownTime(time: string, style: TimeStyle, fallback: string): string {
  const seconds = Math.floor(Date.parse(time) / 1000);
  return Number.isNaN(seconds)
    ? escapeMarkdown(cleanLine(fallback))
    : `<t:${seconds}:${STYLES[style]}>`;
}

const STYLES: { readonly [style in TimeStyle]: string } = {
  date: "D",
  datetime: "f",
  relative: "R",
};

function inlineText(inlines: readonly Inline[], place: Place, active: string): string {
  let text = "";
  let isAfterFormat = false;
  for (const inline of merged(inlines)) {
    const piece = inlinePiece(inline, place, active);
    if (piece === "") continue;
    const isFormat = FORMATS.has(inline.type);
    const needsEdge = isFormat
      ? text !== "" && !/\s$/u.test(text)
      : isAfterFormat && !/^\s/u.test(piece);
    text += needsEdge ? EDGE + piece : piece;
    isAfterFormat = isFormat;
  }
  return text;
}

const FORMATS: ReadonlySet<Inline["type"]> = new Set(["strong", "emphasis", "strike", "code"]);

function inlinePiece(inline: Inline, place: Place, active: string): string {
  switch (inline.type) {
    case "text":
      return escapeMarkdown(place.isLine ? cleanLine(inline.value) : inline.value);
    case "strong":
      return format("**", inline.children, place, active);
    case "emphasis":
      return format("_", inline.children, place, active);
    case "strike":
      return format("~~", inline.children, place, active);
    case "code":
      return inline.value.trim() === "" ? "" : `\`${escapeCode(cleanLine(inline.value))}\``;
    case "link":
      return linkPiece(inline.url, inline.children, place);
    case "time":
      return place.hasTimes
        ? markdownTime(inline.time, inline.style, inline.fallback)
        : escapeMarkdown(cleanLine(inline.fallback));
    case "break":
      return place.isLine ? " " : "\n";
  }
}

function linkPiece(url: string, children: readonly Inline[], place: Place): string {
  const label = plainText(children);
  if (place.links === "masked") return markdownLink(url, label);
  const address = place.links === "shown" ? pageAddress(url, MAX_URL_CHARS) : null;
  const shown = escapeMarkdown(cleanLine(label).trim());
  return address === null ? shown : `${shown} <${address}>`.trim();
}

/** Formats end with the line and must not begin or end with a space; the same one within itself does nothing. */
function format(mark: string, children: readonly Inline[], place: Place, active: string): string {
  const inner = inlineText(children, place, `${active} ${mark}`);
  if (active.split(" ").includes(mark)) return inner;
  return inner.replace(/[^\n]+/g, (line) => {
    const [, before = "", text = "", after = ""] = /^(\s*)(.*?)(\s*)$/su.exec(line) ?? [];
    return text === "" ? line : `${before}${mark}${text}${mark}${after}`;
  });
}

function blockText(blocks: readonly Block[], place: Place, depth: number): string {
  let text = "";
  for (const [index, block] of blocks.entries()) {
    const piece = blockPiece(block, place, depth);
    const isTight = block.type === "list" || blocks[index - 1]?.type === "list" || depth > 0;
    text += text === "" ? piece : (isTight ? "\n" : "\n\n") + piece;
  }
  return text;
}

function blockPiece(block: Block, place: Place, depth: number): string {
  switch (block.type) {
    case "paragraph":
      return inlineText(block.children, place, "");
    case "heading":
      return inlineText([{ type: "strong", children: block.children }], place, "");
    case "list":
      return block.items
        .map((item, index) => {
          const bullet = block.ordered ? `${block.start + index}.` : "-";
          return `${bullet} ${indent(blockText(item, place, depth + 1), "  ")}`;
        })
        .join("\n");
    case "quote":
      return `> ${indent(blockText(block.children, place, depth), "> ")}`;
    case "code":
      return `\`\`\`\n${escapeCode(block.value)}\n\`\`\``;
    case "rule":
      return "———";
  }
}

function indent(text: string, by: string): string {
  return text.replaceAll("\n", `\n${by}`);
}
