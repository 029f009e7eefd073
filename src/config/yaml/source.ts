import { type Document, type Node, type Pair, LineCounter, parseDocument } from "yaml";
import { isAlias, isMap, isScalar, isSeq } from "yaml";
import type { Problem } from "../../core/problem.ts";
import type { Flaw, Span } from "./flaw.ts";
import { type Path, showPath } from "./path.ts";
import { yamlFlaw } from "./error.ts";

/** A YAML text with its nodes, so that every value can be pointed at. */
export interface YamlSource {
  readonly text: string;
  readonly document: Document.Parsed;
  /** What is wrong with the YAML itself. */
  readonly flaws: readonly Flaw[];
  /** Whether the values can be trusted in spite of the flaws. */
  readonly isReadable: boolean;
  /** A flaw at its line and column in the file. */
  locate(flaw: Flaw, file: string): Problem;
}

/** Parses a YAML text. Integers that a number cannot hold keep their digits as `BigInt`. */
export function parseYaml(text: string): YamlSource {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, {
    lineCounter,
    prettyErrors: false,
    uniqueKeys: true,
    intAsBigInt: true,
  });
  const errors = [...document.errors, ...document.warnings];
  const [fatal] = errors.filter((error) => !HARMLESS.has(error.code));
  const reported = errors.filter((error) => error === fatal || HARMLESS.has(error.code));
  return {
    text,
    document,
    flaws: reported.map((error) => yamlFlaw(error, text, document)),
    isReadable: fatal === undefined,
    locate: (found, file) => {
      const { start, end } = spanOf(found, document, text);
      const { line, col } = lineCounter.linePos(start);
      return {
        severity: found.severity,
        file,
        line: Math.max(1, line),
        column: Math.max(1, col),
        length: Math.max(1, end - start),
        path: showPath(found.path),
        message: found.message,
      };
    },
  };
}

/** Errors after which the rest can still be read; of the others only the first is no consequence of another. */
const HARMLESS: ReadonlySet<string> = new Set(["DUPLICATE_KEY", "TAG_RESOLVE_FAILED"]);

function spanOf({ at, path }: Flaw, document: Document.Parsed, text: string): Span {
  if (typeof at === "object") return at;
  const key = at === "key" ? pairAt(document, path)?.key : undefined;
  const node = key ?? nodeAt(document, path);
  if (node !== undefined && hasExtent(node)) return trim(node);
  return emptyItem(node, path, text) ?? spanOfHolder(document, path);
}

/** The hyphen of a list's item that holds nothing. */
function emptyItem(node: Node | undefined, path: Path, text: string): Span | undefined {
  if (node?.range == null || typeof path.at(-1) !== "number") return undefined;
  const hyphen = /-\s*$/.exec(text.slice(0, node.range[0]))?.index;
  return hyphen === undefined ? undefined : { start: hyphen, end: hyphen + 1 };
}

/** Where something is missing: the key of what should hold it, or the first key inside where that is an item. */
function spanOfHolder(document: Document.Parsed, path: Path): Span {
  for (let length = path.length; length > 0; length--) {
    const key = pairAt(document, path.slice(0, length))?.key;
    if (key !== undefined) return trim(key);
    const first = firstKey(nodeAt(document, path.slice(0, length)));
    if (first !== undefined) return trim(first);
  }
  const first = firstKey(nodeAt(document, []));
  return first === undefined ? { start: 0, end: 1 } : trim(first);
}

function firstKey(node: Node | undefined): Node | undefined {
  if (!isMap(node)) return node !== undefined && hasExtent(node) ? node : undefined;
  const key: unknown = node.items[0]?.key;
  return isScalar(key) ? key : undefined;
}

function hasExtent(node: Node): boolean {
  return node.range !== null && node.range !== undefined && node.range[1] > node.range[0];
}

function trim(node: Node): Span {
  const [start, end] = node.range ?? [0, 1];
  return { start, end };
}

/** The node at a path, aliases followed. */
function nodeAt(document: Document.Parsed, path: Path): Node | undefined {
  let node = follow(document.contents, document);
  for (const step of path) {
    if (isSeq(node) && typeof step === "number") node = follow(node.items[step], document);
    else if (isMap(node)) node = follow(pairIn(node.items, step)?.value, document);
    else return undefined;
  }
  return node;
}

function pairAt(
  document: Document.Parsed,
  path: Path,
): { readonly key: Node | undefined } | undefined {
  const parent = nodeAt(document, path.slice(0, -1));
  const step = path.at(-1);
  if (!isMap(parent) || step === undefined) return undefined;
  const key: unknown = pairIn(parent.items, step)?.key;
  return isScalar(key) ? { key } : undefined;
}

/** The last pair with the key, since that is the one whose value counts. */
function pairIn(items: readonly Pair[], step: string | number): Pair | undefined {
  return items.findLast((pair) => keyText(pair.key) === String(step));
}

/** A mapping's key as text; `undefined` for a key that is itself a list or a mapping. */
export function keyText(key: unknown): string | undefined {
  if (!isScalar(key)) return undefined;
  return typeof key.value === "string" ? key.value : (key.source ?? String(key.value));
}

/** The node that an alias stands for, any other node itself; `undefined` for anything else. */
export function follow(node: unknown, document: Document.Parsed): Node | undefined {
  if (isAlias(node)) return node.resolve(document);
  return isMap(node) || isSeq(node) || isScalar(node) ? node : undefined;
}
