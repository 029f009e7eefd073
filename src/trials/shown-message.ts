import { type Block, type Message, plainText } from "../core/message.ts";
import type { RehearsedMessage } from "../pipeline/rehearse.ts";
import { isMapping } from "./part-of.ts";

/** A message as tests see it: its parts without markup, times in UTC, nothing shortened. */
export interface ShownMessage {
  readonly route: string;
  readonly template: string;
  readonly summary: string;
  readonly title: string;
  readonly link: string;
  readonly tone: string;
  /** Blocks below each other; of a platform's own structure, its texts as the request has them. */
  readonly body: string;
  readonly fields: { readonly [label: string]: string };
  readonly buttons: { readonly [label: string]: string };
  readonly footer: string;
  /** The body of the request. */
  readonly request: unknown;
}

/** What tests see of a message that would be posted. */
export function shownMessage({
  route,
  template,
  message,
  request,
}: RehearsedMessage): ShownMessage {
  const isNative = message.native !== null;
  const { blocks, embeds } = request.body;
  return {
    route,
    template,
    summary: plainText(message.summary),
    title: isNative ? "" : plainText(message.title),
    link: isNative ? "" : (message.link ?? ""),
    tone: message.tone,
    body: isNative ? textsIn(blocks ?? embeds).join("\n") : blocksText(message.body),
    fields: isNative ? {} : fieldsOf(message),
    buttons: Object.fromEntries(message.buttons.map((one) => [plainText(one.label), one.url])),
    footer: plainText(message.footer),
    request: request.body,
  };
}

/** All that can be read in a message, a part a line; what `contains` looks through. */
export function wholeText(shown: ShownMessage): string {
  const { summary, title, body, fields, buttons, footer } = shown;
  const labeled = Object.entries(fields).map(([label, value]) => `${label}: ${value}`);
  return [summary, title, body, ...labeled, ...Object.keys(buttons), footer]
    .filter((part) => part !== "")
    .join("\n");
}

function fieldsOf({ fields }: Message): { readonly [label: string]: string } {
  return Object.fromEntries(fields.map((one) => [plainText(one.label), plainText(one.value)]));
}

function blocksText(blocks: readonly Block[]): string {
  return blocks.map(blockText).join("\n");
}

function blockText(block: Block): string {
  switch (block.type) {
    case "paragraph":
    case "heading":
      return linesOf(block.children);
    case "quote":
      return blocksText(block.children);
    case "code":
      return block.value;
    case "rule":
      return "---";
    case "list":
      return block.items
        .map((item, index) => {
          const mark = block.ordered ? `${block.start + index}. ` : "- ";
          return mark + blocksText(item).replaceAll("\n", `\n${" ".repeat(mark.length)}`);
        })
        .join("\n");
  }
}

/** Running text with its line breaks. */
function linesOf(inlines: Parameters<typeof plainText>[0]): string {
  return inlines.map((one) => (one.type === "break" ? "\n" : plainText([one]))).join("");
}

/** The keys under which the platforms' own structures hold texts that people read. */
const READ: ReadonlySet<string> = new Set([
  "text",
  "title",
  "description",
  "name",
  "value",
  "alt_text",
]);

function textsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (!isMapping(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (typeof inner === "string") return READ.has(key) ? [inner] : [];
    return textsIn(inner);
  });
}
