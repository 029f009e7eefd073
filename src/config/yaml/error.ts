import { type Document, isCollection, isScalar, visit, type YAMLError } from "yaml";
import { type Flaw, flaw } from "./flaw.ts";

/** What is wrong with a text's YAML, in words for people who do not write YAML every day. */
export function yamlFlaw(error: YAMLError, text: string, document: Document.Parsed): Flaw {
  const start = startOf(error, text, document);
  const end = endOf(error, text, start);
  return flaw([], sentence(error, text, start, text.slice(start, end)), { start, end });
}

/** The parser marks where it gave up: the opening quote or bracket, or the line's first word, tells more. */
function startOf(error: YAMLError, text: string, document: Document.Parsed): number {
  const at = Math.min(error.pos[0], text.length);
  if (UNCLOSED.test(error.message)) return openerBefore(at, document) ?? at;
  return at + (/^ *(?=[^ \n])/.exec(text.slice(at))?.[0].length ?? 0);
}

const UNCLOSED = /^Missing closing|must be sufficiently indented and end with/;

/** Where the last quoted text or bracket before an offset begins. */
function openerBefore(offset: number, document: Document.Parsed): number | undefined {
  let opener: number | undefined;
  visit(document, {
    Node: (_, node) => {
      const start = node.range?.[0] ?? offset;
      const isQuoted = isScalar(node) && node.type?.startsWith("QUOTE") === true;
      const isFlow = isCollection(node) && node.flow === true;
      if ((isQuoted || isFlow) && start < offset) opener = start;
    },
  });
  return opener;
}

/** A duplicate key is underlined whole, an opening quote or bracket alone. */
function endOf(error: YAMLError, text: string, start: number): number {
  if (UNCLOSED.test(error.message)) return start + 1;
  if (error.code !== "DUPLICATE_KEY") return Math.max(error.pos[1], start + 1);
  return start + (/^(?:"[^"\n]*"|'[^'\n]*'|[^:\n]*)/.exec(text.slice(start))?.[0].length ?? 1);
}

function sentence(error: YAMLError, text: string, start: number, marked: string): string {
  const say = SENTENCES.get(error.code);
  return say === undefined ? bracesOrIndentation(error, text, start) : say(marked, error);
}

const SENTENCES = new Map<string, (marked: string, error: YAMLError) => string>([
  [
    "DUPLICATE_KEY",
    (marked) => `The key "${marked.replace(/^["']|["']$/g, "")}" is here twice. Keep one of them.`,
  ],
  [
    "TAG_RESOLVE_FAILED",
    (marked) => `The tag "${marked}" means nothing here. Remove it, or put the value in quotes.`,
  ],
  ["TAB_AS_INDENT", () => "YAML does not allow tabs as indentation. Use spaces."],
  ["MULTIPLE_DOCS", () => "A config is one YAML document. Remove the `---` between the two."],
  ["BAD_ALIAS", () => 'A bare `*` begins the name of a YAML alias. Put the text in quotes: "*".'],
  [
    "BAD_SCALAR_START",
    (marked) => `A text cannot begin with \`${marked.charAt(0)}\` unless it is in quotes.`,
  ],
  ["BAD_DQ_ESCAPE", (_, error) => `${error.message}. Double the backslash, or use single quotes.`],
  [
    "BLOCK_AS_IMPLICIT_KEY",
    () =>
      "Something is nested here that cannot be. Check the indentation; a text with `: ` in it needs quotes.",
  ],
]);

function bracesOrIndentation(error: YAMLError, text: string, start: number): string {
  if (text[start] === "{" && text[start - 1] === "$")
    return "Between braces and brackets a `${…}` needs quotes around it.";
  const unclosed = /must be sufficiently indented and end with a (?<bracket>[\]}])/.exec(
    error.message,
  );
  if (unclosed?.groups !== undefined)
    return `The closing \`${unclosed.groups["bracket"]}\` is missing.`;
  if (/^Missing closing (?<quote>["'])/.test(error.message))
    return "The closing quote of this text is missing.";
  if (error.code === "MULTILINE_IMPLICIT_KEY") return keySentence(text.slice(start));
  if (/without - indicator/.test(error.message))
    return "This line is indented unlike those around it.";
  if (error.code === "BAD_INDENT") return `${error.message}. Check the indentation of this line.`;
  return `This is not YAML: ${error.message}. Check the indentation and the quotes around here.`;
}

/** The parser took the line for the beginning of a long key. */
function keySentence(line: string): string {
  const [, key] = /^(?:- +)?([\w.-]+):[^\s:]/.exec(line) ?? [];
  if (key !== undefined) return `A space is missing after the colon: write \`${key}: …\`.`;
  return "This line is neither a setting (`key: value`) nor the rest of the text above it. Check its colon and its indentation.";
}
