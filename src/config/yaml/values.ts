import {
  type Document,
  type Node,
  type Scalar,
  type YAMLMap,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
} from "yaml";
import { type Flaw, type Span, flaw } from "./flaw.ts";
import {
  type Expansion,
  type Interpolated,
  interpolate,
  type Surroundings,
} from "./interpolate.ts";
import { entriesOf, type Path } from "./path.ts";
import { offsetOfReference, sourceOffset } from "./scalar-offset.ts";
import { follow, keyText, type YamlSource } from "./source.ts";

/** The plain data of a YAML text, with the environment's values in place. */
export interface YamlValues {
  readonly value: unknown;
  readonly flaws: readonly Flaw[];
  /** Every reference to the environment and its value, which is secret. */
  readonly expansions: readonly Expansion[];
  /** Whether the value at a path could not be had, which is told already. */
  readonly isUnresolved: (path: Path) => boolean;
  /** What is known of the scalar at a path; `undefined` where there is none. */
  readonly scalarAt: (path: Path) => ScalarNote | undefined;
}

/** What is known of a scalar beyond its value. */
export interface ScalarNote {
  /** As written in the file, without quotes: what messages may show. */
  readonly shown: string;
  /** `null` for a scalar that refers to nothing outside. */
  readonly interpolated: Interpolated | null;
  /** Whether it is empty because its text was taken for a comment. */
  readonly isComment: boolean;
  /** Whether it is written without quotes, so that `${PORT}` may stand for a number. */
  readonly isPlain: boolean;
  /** The span in the file of a part of the value, given as offsets in it. */
  spanOf(start: number, end: number): Span;
}

/** How many values aliases may stand for in all; ours, far above what people write by hand. */
const MAX_ALIASED = 10_000;

/**
 * Reads the values of a YAML text; safe integers become numbers, longer ones the text of their digits. Without
 * surroundings, `${…}` stands for itself.
 */
export function readValues(source: YamlSource, surroundings: Surroundings | null): YamlValues {
  const notes = new Map<string, ScalarNote>();
  const reading: Reading = {
    source,
    surroundings,
    document: source.document,
    flaws: [],
    notes,
    unresolved: new Set(),
    open: new Set(),
    aliased: 0,
    isInAlias: false,
  };
  const value = read(source.document.contents, [], reading);
  return {
    value,
    flaws: reading.flaws,
    expansions: [...notes.values()].flatMap((one) => one.interpolated?.expansions ?? []),
    isUnresolved: (path) => reading.unresolved.has(JSON.stringify(path)),
    scalarAt: (path) => notes.get(JSON.stringify(path)),
  };
}

interface Reading {
  readonly source: YamlSource;
  readonly surroundings: Surroundings | null;
  readonly document: Document.Parsed;
  readonly flaws: Flaw[];
  readonly notes: Map<string, ScalarNote>;
  /** Paths, as JSON, of what could not be read. */
  readonly unresolved: Set<string>;
  /** The nodes on the way to here, to notice an alias that holds itself. */
  readonly open: Set<Node>;
  aliased: number;
  isInAlias: boolean;
}

function read(node: unknown, path: Path, reading: Reading): unknown {
  if (isAlias(node)) return readAlias(node, path, reading);
  if (reading.isInAlias && ++reading.aliased > MAX_ALIASED) return null;
  if (isNode(node) && node.tag?.startsWith("!") === true)
    reading.unresolved.add(JSON.stringify(path));
  if (isScalar(node)) return readScalar(node, path, reading);
  if (isSeq(node)) {
    return within(node, reading, () =>
      node.items.map((item, index) => read(item, [...path, index], reading)),
    );
  }
  if (!isMap(node)) return null;
  return within(node, reading, () => {
    const entries = merged(node, path, reading);
    for (const pair of node.items) {
      if (isMergeKey(pair.key)) continue;
      const key = keyText(pair.key);
      if (key === undefined)
        reading.flaws.push(flaw(path, "A key must be a single word or text, not a list."));
      else entries.push([key, read(pair.value, [...path, key], reading)]);
    }
    return Object.fromEntries(entries);
  });
}

/** YAML 1.1 merges the mappings behind `<<`, and YAML 1.2 does not; they are read so that nothing else seems missing. */
function merged(node: YAMLMap, path: Path, reading: Reading): [string, unknown][] {
  return node.items
    .filter((pair) => isMergeKey(pair.key))
    .flatMap((pair) => {
      const [start, end] = (isScalar(pair.key) && pair.key.range) || [0, 1];
      reading.flaws.push(flaw([...path, "<<"], NO_MERGING, { start, end }));
      const nodes: readonly unknown[] = isSeq(pair.value) ? pair.value.items : [pair.value];
      return nodes.flatMap((one) => entriesOf(read(one, path, reading)));
    });
}

const NO_MERGING =
  "Bellhop does not merge keys. Write the settings out here, or give a whole value an anchor (`&name`) and use it as `*name`.";

function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.type === "PLAIN" && key.value === "<<";
}

function within<T>(node: Node, reading: Reading, inside: () => T): T {
  reading.open.add(node);
  const value = inside();
  reading.open.delete(node);
  return value;
}

function readAlias(
  alias: Node & { readonly source: string },
  path: Path,
  reading: Reading,
): unknown {
  const [start, end] = alias.range ?? [0, 1];
  const refuse = (message: string): null => {
    reading.flaws.push(flaw(path, message, { start, end }));
    reading.unresolved.add(JSON.stringify(path));
    return null;
  };
  const target = follow(alias, reading.document);
  if (target === undefined)
    return refuse(
      `There is no anchor "&${alias.source}" above. Put a text that begins with \`*\` in quotes.`,
    );
  if (reading.open.has(target)) return refuse(`The alias "*${alias.source}" stands inside itself.`);
  const wasInAlias = reading.isInAlias;
  reading.isInAlias = true;
  const value = read(target, path, reading);
  reading.isInAlias = wasInAlias;
  if (reading.aliased > MAX_ALIASED && !wasInAlias)
    return refuse(`The aliases in this file stand for more than ${MAX_ALIASED} values.`);
  return value;
}

function readScalar(scalar: Scalar, path: Path, reading: Reading): unknown {
  const { value } = scalar;
  if (typeof value === "bigint") {
    const number = Number(value);
    note(scalar, path, reading, null);
    return Number.isSafeInteger(number) ? number : (scalar.source ?? String(value));
  }
  if (typeof value !== "string") {
    note(scalar, path, reading, null);
    return value instanceof Date || value instanceof Uint8Array ? (scalar.source ?? null) : value;
  }
  const { surroundings } = reading;
  const interpolated =
    surroundings !== null && value.includes("${") ? interpolate(value, surroundings) : null;
  note(scalar, path, reading, interpolated);
  for (const missing of interpolated?.missing ?? []) {
    reading.unresolved.add(JSON.stringify(path));
    if (missing.message === "") continue;
    const start = offsetOfReference(reading.source.text, scalar, missing.ordinal);
    reading.flaws.push(
      flaw(path, missing.message, { start, end: start + missing.reference.length }),
    );
  }
  return interpolated?.text ?? value;
}

function note(
  scalar: Scalar,
  path: Path,
  reading: Reading,
  interpolated: Interpolated | null,
): void {
  const text = reading.source.text;
  const [start, end] = scalar.range ?? [0, 1];
  reading.notes.set(JSON.stringify(path), {
    shown: typeof scalar.value === "string" ? scalar.value : text.slice(start, end),
    interpolated,
    isComment: scalar.value === null && /^[ \t]*#/.test(text.slice(start)),
    isPlain: scalar.type === "PLAIN",
    spanOf: (from, to) =>
      interpolated === null
        ? { start: sourceOffset(text, scalar, from), end: sourceOffset(text, scalar, to) }
        : { start, end },
  });
}
