import type { Document, Node, Pair, Scalar } from "yaml";
import { isAlias, isMap, isNode, isPair, isScalar, isSeq, parseDocument } from "yaml";
import { z } from "zod";
import { TONES } from "../core/change.ts";
import type { Problem } from "../core/problem.ts";
import { didYouMean } from "../core/suggest.ts";
import type { Platform } from "../destinations/destination.ts";
import { Piece, problemAt } from "./piece.ts";
import { safeUrl } from "./url.ts";
import { scalarOffsets } from "./yaml-text.ts";

const Text = z.instanceof(Piece);

/** A map of the author's; a text stands here as a piece, whose own keys are nobody's business. */
function mapOf<S extends z.ZodRawShape>(shape: S) {
  return z.preprocess(
    (value) => (value instanceof Piece ? value.text : value),
    z.strictObject(shape),
  );
}

/** A native structure as the author wrote it: its texts are pieces. */
export type NativeSource =
  | Piece
  | number
  | boolean
  | null
  | readonly NativeSource[]
  | { readonly [key: string]: NativeSource };

const Native = z.array(z.custom<NativeSource>());

/** What a template says in front of its body; all of it is optional. */
const SHAPE = {
  summary: Text.nullish(),
  title: Text.nullish(),
  tone: Text.nullish(),
  link: Text.nullish(),
  fields: z.array(mapOf({ label: Text, value: Text })).nullish(),
  buttons: z.array(mapOf({ label: Text, url: Text })).nullish(),
  footer: Text.nullish(),
  time: Text.nullish(),
  raw: z.boolean().nullish(),
  blocks: Native.nullish(),
  embeds: Native.nullish(),
};
const FrontMatter = mapOf(SHAPE);
type FrontMatter = z.infer<typeof FrontMatter>;

/** A template file taken apart. */
export interface TemplateParts {
  readonly front: FrontMatter;
  readonly body: Piece;
  /** All that Handlebars reads in the file, also what stands in a front matter that is wrong. */
  readonly pieces: readonly Piece[];
  /** Whether values may be let in as Markdown. */
  readonly isRawAllowed: boolean;
  /** What is wrong beside the pieces. */
  readonly problems: readonly Problem[];
}

/** The keys that hand over a platform's own structure, and the platform. */
const NATIVE_KEYS = { blocks: "slack", embeds: "discord" } as const satisfies Record<
  string,
  Platform
>;

/** Takes a template file apart; what is wrong in its front matter is told and left out. */
export function readTemplate(
  file: string,
  source: string,
  variant: Platform | null,
): TemplateParts {
  const at = { file, source, path: "" };
  const opening = /^---[ \t]*\n/.exec(source);
  if (opening === null) return bodyAlone(new Piece(at, source, 0));
  const start = opening[0].length;
  const closing = /^---[ \t]*(?:\n|$)/m.exec(source.slice(start));
  if (closing === null) {
    const message = 'The front matter has no end. Close it with a line "---".';
    return { ...bodyAlone(new Piece(at, "", 0)), problems: [problemAt(at, 0, 3, message)] };
  }
  const bodyStart = start + closing.index + closing[0].length;
  const body = new Piece(at, source.slice(bodyStart), bodyStart);
  const reader = new Reader(file, source.slice(0, start + closing.index), variant, source);
  const { written, front } = reader.read(start);
  return {
    front,
    body,
    pieces: [...piecesIn(written), body],
    isRawAllowed: isRawAllowed(written),
    problems: reader.problems,
  };
}

function bodyAlone(body: Piece): TemplateParts {
  return { front: {}, body, pieces: [body], isRawAllowed: false, problems: [] };
}

function isRawAllowed(written: unknown): boolean {
  return (
    typeof written === "object" && written !== null && "raw" in written && written.raw === true
  );
}

function piecesIn(value: unknown): Piece[] {
  if (value instanceof Piece) return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(piecesIn) : [];
}

/** What is wrong in a front matter, and where: a path to a node, or one of its keys. */
type Path = readonly PropertyKey[];

class Reader {
  readonly #file: string;
  readonly #source: string;
  readonly #text: string;
  readonly #variant: Platform | null;
  readonly problems: Problem[] = [];

  constructor(file: string, text: string, variant: Platform | null, source: string) {
    this.#file = file;
    this.#text = text;
    this.#variant = variant;
    this.#source = source;
  }

  /** The front matter as it is written, and what of it may be used: nothing when any of it is wrong. */
  read(start: number): { written: unknown; front: FrontMatter } {
    // The opening line becomes a comment of the same length, so that YAML's offsets are the file's.
    const yaml = `${"#".repeat(start - 1)}\n${this.#text.slice(start)}`;
    const document = parseDocument(yaml, { prettyErrors: false, uniqueKeys: true });
    for (const { pos, message } of [...document.errors, ...document.warnings]) {
      const word = /^[\w-]*/.exec(this.#text.slice(pos[0]))?.[0] ?? "";
      const sentence = `${message.replace(/\.$/, "")}.${this.#quotesHint(pos[0])}`;
      this.#report(pos[0], Math.max(word.length, pos[1] - pos[0]), [], sentence);
    }
    if (this.problems.length > 0) return { written: {}, front: {} };
    const written = this.#convert(document.contents, []) ?? {};
    const parsed = FrontMatter.safeParse(written);
    if (parsed.success) this.#check(parsed.data, document);
    else this.#explain(parsed.error, document);
    return { written, front: parsed.data ?? {} };
  }

  /** YAML as plain data in which every text is a piece that knows its place. */
  #convert(node: unknown, path: Path): unknown {
    if (isMap(node))
      return Object.fromEntries(
        node.items.map(({ key, value }) => {
          const name = isScalar(key) ? String(key.value) : String(key);
          return [name, this.#convert(value, [...path, name])];
        }),
      );
    if (isSeq(node)) return node.items.map((item, index) => this.#convert(item, [...path, index]));
    if (isAlias(node)) {
      this.#reportNode(node, path, "A front matter has no aliases. Write the text out.");
      return null;
    }
    if (!isScalar(node)) return null;
    const { value } = node;
    if (typeof value === "string") {
      const at = { file: this.#file, source: this.#source, path: pathText(path) };
      return new Piece(at, value, scalarOffsets(this.#text, node as Scalar<string>));
    }
    if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value))
      this.#reportNode(node, path, "A number this long loses digits. Put it in quotes.");
    return value;
  }

  #explain({ issues }: z.ZodError, document: Document): void {
    const unknown = issues.flatMap((issue) =>
      issue.code === "unrecognized_keys" ? issue.keys.map((key) => [issue.path, key] as const) : [],
    );
    for (const [path, key] of unknown) {
      const pair = pairAt(document, path, key);
      const message = `${owner(path)} has no "${key}".${didYouMean(key, keysAt(path))}`;
      this.#reportNode(pair?.key, [...path, key], message);
    }
    for (const issue of issues) {
      if (issue.code === "unrecognized_keys") continue;
      if (isMeant(issue.path, unknown)) continue;
      const node = nodeAt(document, issue.path);
      const key = String(issue.path.at(-1));
      if (node === undefined) {
        const parent = issue.path.slice(0, -1);
        this.#reportNode(nodeAt(document, parent), parent, `${owner(parent)} needs "${key}".`);
        continue;
      }
      const name = typeof issue.path.at(-1) === "number" ? pathText(issue.path) : key;
      const what = issue.path.length === 0 ? "A front matter" : `"${name}"`;
      const message = `${what} must be ${expected(issue)}.`;
      this.#reportNode(node, issue.path, `${message}${this.#quotesHint(node.range?.[0] ?? 0)}`);
    }
  }

  /** What the schema cannot say: where native structures belong, and texts without Handlebars that cannot be right. */
  #check(front: FrontMatter, document: Document): void {
    for (const [key, platform] of Object.entries(NATIVE_KEYS)) {
      if (!(key in front) || this.#variant === platform) continue;
      const message = `"${key}" is for one platform: it belongs in a template called <name>.${platform}.hbs.`;
      this.#reportNode(pairAt(document, [], key)?.key, [key], message);
    }
    const { tone, link, buttons } = front;
    if (tone && isFixed(tone) && !TONES.some((one) => one === tone.text)) {
      const message = `There is no tone "${tone.text}". The tones are ${TONES.join(", ")}.`;
      this.problems.push(tone.problem(0, tone.text.length, message + didYouMean(tone.text, TONES)));
    }
    for (const url of [link, ...(buttons ?? []).map((button) => button.url)]) {
      if (!url || !isFixed(url) || url.text === "" || safeUrl(url.text) !== null) continue;
      const message = `"${url.text}" is no address that a message can link to: it needs http, https or mailto.`;
      this.problems.push(url.problem(0, url.text.length, message));
    }
  }

  /** `title: {{name}}` is a map of a map to YAML, and the message of that helps nobody. */
  #quotesHint(offset: number): string {
    const line = this.#text.slice(this.#text.lastIndexOf("\n", offset - 1) + 1).split("\n", 1)[0];
    return /[:-]\s+\{\{/.test(line ?? "") ? ' Put texts with "{{" in quotes.' : "";
  }

  #reportNode(node: unknown, path: Path, message: string): void {
    const [start = 0, end = start] = (isNode(node) ? node.range : undefined) ?? [];
    const firstLine = this.#text.slice(start, end).split("\n", 1)[0] ?? "";
    this.#report(start, firstLine.length, path, message);
  }

  #report(offset: number, length: number, path: Path, message: string): void {
    const at = { file: this.#file, source: this.#source, path: pathText(path) };
    this.problems.push(problemAt(at, offset, length, message));
  }
}

/** Without Handlebars, the same for every event. */
function isFixed(piece: Piece): boolean {
  return !piece.text.includes("{{");
}

function nodeAt(document: Document, path: Path): Node | undefined {
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  return isNode(node) ? node : undefined;
}

function pairAt(document: Document, path: Path, key: string): Pair | undefined {
  const map = nodeAt(document, path);
  if (!isMap(map)) return undefined;
  return map.items.find(
    (pair) => isPair(pair) && isScalar(pair.key) && String(pair.key.value) === key,
  );
}

/** Whether a missing key is only misspelled, which is told already. */
function isMeant(path: Path, unknown: readonly (readonly [Path, string])[]): boolean {
  const [parent, key] = [pathText(path.slice(0, -1)), String(path.at(-1))];
  return unknown.some(
    ([at, word]) => pathText(at) === parent && didYouMean(word, keysAt(at)).includes(`"${key}"`),
  );
}

function keysAt(path: Path): readonly string[] {
  if (path[0] === "fields") return ["label", "value"];
  if (path[0] === "buttons") return ["label", "url"];
  return Object.keys(SHAPE);
}

function owner(path: Path): string {
  if (path[0] === "fields") return "A field";
  return path[0] === "buttons" ? "A button" : "A front matter";
}

function expected({ code, path, ...issue }: z.core.$ZodIssue): string {
  const type = code === "invalid_type" && "expected" in issue ? issue.expected : "";
  if (path.length === 0) return "a map of keys";
  if (type === "boolean") return "true or false";
  if (type === "array") return "a list";
  return type === "object" ? `a map of ${keysAt(path).join(" and ")}` : "text";
}

/** `fields[0].value` */
function pathText(path: Path): string {
  return path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("")
    .replace(/^\./, "");
}
