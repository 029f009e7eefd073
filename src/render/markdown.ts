import type { PhrasingContent, RootContent } from "mdast";
import type { Block, Inline } from "../core/message.ts";
import type { Output } from "./engine.ts";
import { addressOf, bareText, stretches } from "./output.ts";
import { parsedMarkdown } from "./parsed-markdown.ts";

/** What a message has no form for; what looks like it stays the text that it is. */
const NEVER = ["htmlFlow", "htmlText", "codeIndented", "definition"];

/** What makes blocks, and in one line of text is only a sign: `#4`, `- 3`, `1.`. */
const BLOCKS = [
  "headingAtx",
  "setextUnderline",
  "list",
  "blockQuote",
  "thematicBreak",
  "codeFenced",
];

/** The blocks of a rendered body. A line's end is a line break, as people write in chats. */
export function toBlocks(output: Output): Block[] {
  return blocks(parsedMarkdown(output, NEVER), output.values);
}

/**
 * The running text of a rendered leaf. A line's end is a space, as YAML folds lines too; what is written as a break
 * (a backslash at the end of a line, an empty line) may be kept.
 */
export function toInlines(output: Output, breaks: "kept" | "folded"): Inline[] {
  const line = new Line(output.values, "space", breaks === "kept" ? "break" : "space");
  const children: Inline[] = [];
  for (const block of parsedMarkdown(output, [...NEVER, ...BLOCKS])) {
    line.end();
    if (block.type === "paragraph") line.append(children, block.children);
  }
  return children;
}

/** The rest of what mdast knows is switched off, or of extensions that are not there. */
type Flow = Extract<
  RootContent,
  { readonly type: "paragraph" | "heading" | "list" | "blockquote" | "code" | "thematicBreak" }
>;

function blocks(nodes: readonly RootContent[], values: Output["values"]): Block[] {
  return (nodes as readonly Flow[]).flatMap((node) => toBlock(node, values) ?? []);
}

/** Nothing for a block that holds nothing, which only absent values can leave behind. */
function toBlock(node: Flow, values: Output["values"]): Block | undefined {
  switch (node.type) {
    case "paragraph":
    case "heading": {
      const children: Inline[] = [];
      new Line(values, "break", "break").append(children, node.children);
      if (children.length === 0) return undefined;
      return node.type === "paragraph"
        ? { type: "paragraph", children }
        : { type: "heading", depth: node.depth, children };
    }
    case "list": {
      const items = node.children
        .map((item) => blocks(item.children, values))
        .filter((item) => item.length > 0);
      if (items.length === 0) return undefined;
      return { type: "list", ordered: node.ordered === true, start: node.start ?? 1, items };
    }
    case "blockquote": {
      const children = blocks(node.children, values);
      return children.length === 0 ? undefined : { type: "quote", children };
    }
    case "code": {
      const value = bareText({ text: node.value, values });
      return value.trim() === "" ? undefined : { type: "code", value };
    }
    case "thematicBreak":
      return { type: "rule" };
  }
}

/** White space between pieces of running text. */
type Gap = "nothing" | "space" | "break";

/**
 * Running text under way. White space between its pieces is owed until the next piece comes, so that an absent value
 * leaves neither a double space, nor an empty line, nor white space at an end.
 */
class Line {
  readonly #values: Output["values"];
  /** What the author's line ends come to. */
  readonly #lineEnd: Gap;
  /** What the author's explicit breaks come to. */
  readonly #break: Gap;
  #isEmpty = true;
  #owed: Gap = "nothing";
  /** The author's texts, which a space may be added to; a value's text stays as it is. */
  readonly #authored = new Set<Inline>();

  constructor(values: Output["values"], lineEnd: Gap, explicitBreak: Gap) {
    this.#values = values;
    this.#lineEnd = lineEnd;
    this.#break = explicitBreak;
  }

  /** Ends a line as an explicit break does. */
  end(): void {
    this.#owe(this.#break);
  }

  append(to: Inline[], nodes: readonly PhrasingContent[], isInLink = false): void {
    for (const node of nodes) this.#node(to, node, isInLink);
  }

  #node(to: Inline[], node: PhrasingContent, isInLink: boolean): void {
    switch (node.type) {
      case "text":
        return this.#text(to, node.value, isInLink);
      case "strong":
      case "emphasis":
        return this.#parent(to, node.children, isInLink, (children) => ({
          type: node.type,
          children,
        }));
      case "delete":
        return this.#parent(to, node.children, isInLink, (children) => ({
          type: "strike",
          children,
        }));
      case "link":
        return this.#link(to, node.url, node.children, isInLink);
      case "image":
        return this.#link(to, node.url, [{ type: "text", value: node.alt ?? "" }], isInLink);
      case "inlineCode": {
        const value = bareText({ text: node.value, values: this.#values });
        return value === "" ? undefined : this.#put(to, { type: "code", value });
      }
      case "break":
        return this.end();
      case "html":
      case "linkReference":
      case "imageReference":
      case "footnoteReference":
        return undefined;
    }
  }

  /** A link to nowhere, or inside another, is only its text. */
  #link(to: Inline[], target: string, nodes: readonly PhrasingContent[], isInLink: boolean): void {
    const url = isInLink ? null : addressOf({ text: target, values: this.#values });
    if (url === null) this.append(to, nodes, isInLink);
    else this.#parent(to, nodes, true, (children) => ({ type: "link", url, children }));
  }

  /** What is owed before a parent stays outside of it, and so does what its end leaves owed. */
  #parent(
    to: Inline[],
    nodes: readonly PhrasingContent[],
    isInLink: boolean,
    make: (children: readonly Inline[]) => Inline,
  ): void {
    const [owedBefore, wasEmpty] = [this.#owed, this.#isEmpty];
    [this.#owed, this.#isEmpty] = ["nothing", true];
    const children: Inline[] = [];
    this.append(children, nodes, isInLink);
    const owedAfter = this.#owed;
    [this.#owed, this.#isEmpty] = [owedBefore, wasEmpty];
    if (children.length > 0) this.#put(to, make(children));
    this.#owe(owedAfter);
  }

  #text(to: Inline[], text: string, isInLink: boolean): void {
    for (const stretch of stretches({ text, values: this.#values })) {
      if (stretch.type === "author") this.#author(to, stretch.text);
      else for (const inline of stretch.inlines) this.#value(to, inline, isInLink);
    }
  }

  #author(to: Inline[], text: string): void {
    for (const [index, line] of text.split("\n").entries()) {
      if (index > 0) this.#owe(this.#lineEnd);
      const words = line.replaceAll(/[ \t]+/g, " ");
      if (words.startsWith(" ")) this.#owe("space");
      if (words.trim() === "") continue;
      const space = this.#owed === "space" && !this.#isEmpty ? " " : "";
      if (space !== "") this.#owed = "nothing";
      const inline = { type: "text", value: space + words.trim() } as const;
      this.#put(to, inline);
      this.#authored.add(inline);
      if (words.endsWith(" ")) this.#owe("space");
    }
  }

  #value(to: Inline[], inline: Inline, isInLink: boolean): void {
    if (inline.type === "link" && isInLink)
      for (const child of inline.children) this.#put(to, child);
    else this.#put(to, inline);
  }

  #put(to: Inline[], inline: Inline): void {
    if (!this.#isEmpty && this.#owed === "break") to.push({ type: "break" });
    if (!this.#isEmpty && this.#owed === "space") this.#space(to);
    to.push(inline);
    [this.#owed, this.#isEmpty] = ["nothing", false];
  }

  /** The wider of what is owed already and what comes to it. */
  #owe(gap: Gap): void {
    if (gap === "break" || this.#owed === "nothing") this.#owed = gap;
  }

  #space(to: Inline[]): void {
    const last = to.at(-1);
    if (last?.type === "text" && this.#authored.has(last))
      to.splice(-1, 1, { type: "text", value: `${last.value} ` });
    else to.push({ type: "text", value: " " });
  }
}
