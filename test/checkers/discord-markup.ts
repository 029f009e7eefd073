import { parse } from "discord-markdown-parser";

/** What Discord would make of a text: every node that is more than text, and what a reader sees. */
export interface DiscordMarkup {
  /** The types of the nodes, such as `strong`, `url` or `everyone`, in the order of the text. */
  readonly nodes: readonly string[];
  /** The text as a reader sees it, invisible characters left out. */
  readonly shown: string;
}

interface Node {
  readonly type: string;
  readonly content?: string | readonly Node[];
  readonly name?: string;
}

/** Reads Discord's Markdown with a parser that nobody here wrote, in the form that bots and embeds have. */
export function readMarkdown(text: string): DiscordMarkup {
  const nodes: string[] = [];
  const shown = show(parse(text, "extended"), nodes);
  return { nodes, shown: shown.replace(/[\u200b\u2060]/g, "") };
}

function show(tree: readonly Node[], nodes: string[]): string {
  return tree.map((node) => showNode(node, nodes)).join("");
}

function showNode(node: Node, nodes: string[]): string {
  if (node.type === "br" || node.type === "newline") return "\n";
  if (node.type === "twemoji") return node.name ?? "";
  if (node.type !== "text") nodes.push(node.type);
  return typeof node.content === "string" ? node.content : show(node.content ?? [], nodes);
}
