import { isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from "yaml";
import type { Path } from "../config/yaml/path.ts";
import { follow, keyText, type YamlSource } from "../config/yaml/source.ts";
import { isMapping } from "./part-of.ts";
import { below, entry, inline, lines } from "./yaml-text.ts";

/** A value to be written at a key of a mapping, or a key to be taken out. */
export interface Edit {
  readonly path: Path;
  readonly fix: { readonly write: unknown } | "remove";
}

/** The text with the edits made; nothing else in it changes, neither comments nor layout. */
export function edited(source: YamlSource, edits: readonly Edit[]): string {
  const eol = source.text.includes("\r\n") ? "\r\n" : "\n";
  const splices = edits.flatMap((edit) => spliceFor(edit, source));
  let { text } = source;
  for (const { start, end, put } of distinct(splices).toSorted((a, b) => b.start - a.start))
    text = text.slice(0, start) + put.replaceAll("\n", eol) + text.slice(end);
  return text;
}

/** What several tests share by an alias is written once. */
function distinct(splices: readonly Splice[]): Splice[] {
  return [...new Map(splices.map((one) => [JSON.stringify(one), one])).values()];
}

interface Splice {
  readonly start: number;
  readonly end: number;
  readonly put: string;
}

/** Where an edit is made: the mapping, and whether it or what is around it stands in braces. */
interface Site {
  readonly text: string;
  readonly map: YAMLMap;
  readonly key: string;
  readonly isFlow: boolean;
}

function spliceFor({ path, fix }: Edit, { text, document }: YamlSource): Splice[] {
  let node = follow(document.contents, document);
  let isFlow = false;
  for (const step of path.slice(0, -1)) {
    isFlow ||= isFlowNode(node);
    node = follow(childOf(node, step), document);
  }
  if (!isMap(node)) return [];
  const site = { text, map: node, key: String(path.at(-1)), isFlow: isFlow || isFlowNode(node) };
  const index = node.items.findIndex((pair) => keyText(pair.key) === site.key);
  const pair = node.items[index];
  if (fix === "remove") return pair === undefined ? [] : [removal(site, index)];
  return [pair === undefined ? insertion(site, fix.write) : replacement(site, pair, fix.write)];
}

function childOf(node: Node | undefined, step: string | number): unknown {
  if (isSeq(node)) return node.items[Number(step)];
  if (!isMap(node)) return undefined;
  return node.items.find((pair) => keyText(pair.key) === String(step))?.value;
}

function isFlowNode(node: Node | undefined): boolean {
  return (isMap(node) || isSeq(node)) && node.flow === true;
}

function replacement({ text, key, isFlow }: Site, pair: Pair, value: unknown): Splice {
  const keyNode = pair.key as Node;
  const colon = text.indexOf(":", endOf(keyNode, text)) + 1;
  const node = pair.value as Node | null;
  const start = startOf(node) ?? colon;
  const end = endOfPair(pair, text);
  if (isFlow) return { start: colon, end, put: ` ${inline(value)}` };
  const isBlock = (isMap(node) || isSeq(node)) && node.flow !== true;
  if (isBlock && isMapping(value) === isMap(node) && isFilled(value)) {
    return { start, end, put: below(columnOf(text, start), lines(value)) };
  }
  if (isScalar(node) && node.type === "QUOTE_DOUBLE" && isOneLine(value))
    return { start, end, put: JSON.stringify(value) };
  if (isFlowNode(node ?? undefined) && inline(value).length <= MOST_INLINE)
    return { start, end, put: inline(value) };
  const name = inline(key);
  const put = below(columnOf(text, startOf(keyNode) ?? 0), entry(key, value));
  return { start: colon, end, put: put.slice(name.length + 1) };
}

/** The longest mapping in braces that stays in one line, in characters; ours. */
const MOST_INLINE = 80;

function insertion({ text, map, key, isFlow }: Site, value: unknown): Splice {
  const last = map.items.at(-1);
  const end = last === undefined ? (startOf(map) ?? 0) + 1 : endOfPair(last, text);
  const comma = last === undefined ? " " : ", ";
  if (isFlow) return { start: end, end, put: `${comma}${inline(key)}: ${inline(value)}` };
  const at = lineEnd(text, end);
  const put = below(columnOf(text, startOf(map) ?? 0), ["", ...entry(key, value)]);
  return { start: at, end: at, put };
}

function removal({ text, map, isFlow }: Site, index: number): Splice {
  const [before, pair, after] = [index - 1, index, index + 1].map((at) => map.items[at]);
  const start = startOf(pair?.key as Node) ?? 0;
  const end = pair === undefined ? start : endOfPair(pair, text);
  if (!isFlow) return { start: lineStart(text, start), end: nextLine(text, end), put: "" };
  if (after !== undefined) return { start, end: startOf(after.key as Node) ?? end, put: "" };
  return { start: before === undefined ? start : endOfPair(before, text), end, put: "" };
}

function endOfPair({ key, value }: Pair, text: string): number {
  const keyEnd = endOf(key as Node, text);
  const colon = text.indexOf(":", keyEnd) + 1;
  const node = value as Node | null;
  const isEmpty = node?.range?.[0] === node?.range?.[1];
  return isEmpty ? colon : endOf(node, text);
}

function startOf(node: Node | null): number | undefined {
  return node?.range?.[0];
}

/** Where what a node says ends: a block's range also holds the comments and empty lines behind it. */
function endOf(node: Node | null, text: string): number {
  const [start, end] = node?.range ?? [0, 0];
  if ((isMap(node) || isSeq(node)) && node.flow !== true) {
    const last: unknown = node.items.at(-1);
    if (last === undefined) return end;
    return isMap(node) ? endOfPair(last as Pair, text) : endOf(last as Node, text);
  }
  return start + text.slice(start, end).trimEnd().length;
}

function isFilled(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Object.keys(value ?? {}).length > 0;
}

function isOneLine(value: unknown): boolean {
  return typeof value === "string" && !value.includes("\n");
}

function columnOf(text: string, at: number): number {
  return at - lineStart(text, at);
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf("\n", at - 1) + 1;
}

/** Before the line break; at the end of a text that ends without one. */
function lineEnd(text: string, at: number): number {
  const found = /\r?\n/.exec(text.slice(at));
  return found === null ? text.length : at + found.index;
}

function nextLine(text: string, at: number): number {
  const found = text.indexOf("\n", at);
  return found === -1 ? text.length : found + 1;
}
