import type { Block, Inline, Message } from "../core/message.ts";
import { plainText } from "../core/message.ts";
import { cleanLine } from "./clean.ts";

/** What stands for a message that has no text at all. */
const NOTHING = "Something happened, but there is nothing to show for it.";

/** The message in one sentence: its summary, else its title, else the text of its body. */
export function sentence(message: Message): Inline[] {
  const candidates = [
    plainText(message.summary),
    plainText(message.title),
    plainBody(message.body),
  ];
  const lines = candidates.map((text) => cleanLine(text).trim());
  const value = lines.find((text) => text !== "") ?? NOTHING;
  return [{ type: "text", value }];
}

/** The whole message as running text, for when the platform refused everything else. */
export function asText(message: Message): Block[] {
  const summary = isBlank(message.summary) ? sentence(message) : message.summary;
  const blocks: Block[] = [paragraph(summary)];
  const isTitleTold = plainText(summary).includes(plainText(message.title));
  if (message.link !== null) {
    const children = isBlank(message.title) ? [open] : message.title;
    blocks.push(paragraph([{ type: "link", url: message.link, children }]));
  } else if (!isTitleTold) blocks.push(paragraph([{ type: "strong", children: message.title }]));
  blocks.push(...message.body);
  for (const { label, value } of message.fields) {
    if (isBlank(value)) continue;
    const named: Inline[] = [{ type: "strong", children: label }, colon, ...value];
    blocks.push(paragraph(isBlank(label) ? value : named));
  }
  for (const { label, url } of message.buttons)
    blocks.push(paragraph([{ type: "link", url, children: isBlank(label) ? [open] : label }]));
  if (!isBlank(message.footer)) blocks.push(paragraph(message.footer));
  return blocks;
}

/** Whether the pieces show nothing. */
export function isBlank(inlines: readonly Inline[]): boolean {
  return cleanLine(plainText(inlines)).trim() === "";
}

/** The pieces with neighboring texts made one, so that no markup can hide in the seam between two values. */
export function merged(inlines: readonly Inline[]): Inline[] {
  const pieces: Inline[] = [];
  for (const inline of inlines) {
    const last = pieces.at(-1);
    if (inline.type === "text" && last?.type === "text")
      pieces[pieces.length - 1] = { type: "text", value: last.value + inline.value };
    else pieces.push(inline);
  }
  return pieces;
}

/** The text of blocks without any markup. */
export function plainBody(blocks: readonly Block[]): string {
  return blocks.map(blockText).join(" ");
}

const colon: Inline = { type: "text", value: ": " };
const open: Inline = { type: "text", value: "Open" };

function paragraph(children: readonly Inline[]): Block {
  return { type: "paragraph", children };
}

function blockText(block: Block): string {
  switch (block.type) {
    case "paragraph":
    case "heading":
      return plainText(block.children);
    case "quote":
      return plainBody(block.children);
    case "list":
      return block.items.map(plainBody).join(" ");
    case "code":
      return block.value;
    case "rule":
      return "";
  }
}
