import type { Json } from "../core/json.ts";
import type { Outline } from "../core/outline.ts";
import type { NativeSource, TemplateParts } from "./front-matter.ts";
import { toBlocks } from "./markdown.ts";
import { Piece } from "./piece.ts";
import { parsePiece } from "./syntax.ts";

/** What a template says of every event alike. */
export function outlineOf({ front, body }: TemplateParts): Outline {
  const { title, summary, footer } = front;
  const [fields, buttons] = [front.fields ?? [], front.buttons ?? []];
  const pieces = [title, summary, footer, ...fields.flatMap((one) => [one.label, one.value])];
  const lines = [...pieces, ...buttons.map(({ label }) => label)].filter(
    (one) => one instanceof Piece,
  );
  const native = front.blocks ?? front.embeds;
  return {
    texts: new Map([
      ...lines.map((piece) => [piece.path, shownOf(fixedOf(piece))] as const),
      ["body", shownOf(fixedOf(body))],
    ]),
    fields: fields.length,
    buttons: buttons.length,
    native: native ? native.map(nativeOf) : null,
  };
}

/** What a piece puts out for every event: the text outside of tags and blocks. */
function fixedOf(piece: Piece): string {
  if (!piece.text.includes("{{")) return piece.text;
  const program = parsePiece(piece);
  if ("severity" in program) return "";
  return program.body
    .map((node) =>
      node.type === "ContentStatement" ? (node as hbs.AST.ContentStatement).value : "",
    )
    .join("");
}

/** Markdown as people read it, without its signs. */
function shownOf(markdown: string): string {
  return textIn(toBlocks({ text: markdown, values: [] }));
}

function textIn(value: unknown): string {
  if (Array.isArray(value)) return value.map(textIn).join("");
  if (typeof value !== "object" || value === null) return "";
  const text = "value" in value && typeof value.value === "string" ? value.value : "";
  return text + Object.values(value).map(textIn).join("");
}

function nativeOf(source: NativeSource): Json {
  if (source instanceof Piece) return fixedOf(source);
  if (Array.isArray(source)) return source.map((one: NativeSource) => nativeOf(one));
  if (typeof source !== "object" || source === null) return source;
  return Object.fromEntries(Object.entries(source).map(([key, one]) => [key, nativeOf(one)]));
}
