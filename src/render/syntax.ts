import handlebars from "handlebars";
import type { Problem } from "../core/problem.ts";
import type { Piece } from "./piece.ts";

/** The syntax tree of a piece, or what is wrong with it; kept as long as the piece. */
export function parsePiece(piece: Piece): hbs.AST.Program | Problem {
  const known = parsed.get(piece);
  if (known !== undefined) return known;
  const made = parse(piece);
  parsed.set(piece, made);
  return made;
}

const parsed = new WeakMap<Piece, hbs.AST.Program | Problem>();

function parse(piece: Piece): hbs.AST.Program | Problem {
  const { Parser } = handlebars as unknown as { Parser: JisonParser };
  const { parseError } = Parser;
  // The parser is one for all of Handlebars, and its own error drops the place.
  Parser.parseError = (_message, { token, loc, line }) => {
    throw new SyntaxProblem(token, loc, line);
  };
  try {
    return handlebars.parse(piece.text);
  } catch (error) {
    return error instanceof SyntaxProblem
      ? unexpected(piece, error)
      : objected(piece, error as handlebars.Exception);
  } finally {
    Parser.parseError = parseError;
  }
}

interface JisonParser {
  parseError: (
    this: void,
    message: string,
    at: {
      /** `null` where the text cannot even be told apart into tokens; such an objection has no place. */
      readonly token: string | null;
      readonly loc?: JisonPlace;
      /** From 0. */
      readonly line: number;
    },
  ) => void;
}

/** Of the last token that was still in order. */
interface JisonPlace {
  readonly last_line: number;
  readonly last_column: number;
}

class SyntaxProblem extends Error {
  readonly token: string | null;
  readonly loc: JisonPlace | undefined;
  readonly line: number;
  constructor(token: string | null, loc: JisonPlace | undefined, line: number) {
    super("The text is no Handlebars.");
    this.token = token;
    this.loc = loc;
    this.line = line;
  }
}

/** What people call the tokens that most often stand in a wrong place. */
const TOKENS: Readonly<Record<string, string>> = {
  EOF: "the end of the text",
  CLOSE: '"}}"',
  CLOSE_UNESCAPED: '"}}}"',
  OPEN: '"{{"',
  OPEN_BLOCK: '"{{#"',
  OPEN_ENDBLOCK: '"{{/"',
  OPEN_SEXPR: '"("',
  CLOSE_SEXPR: '")"',
  INVERSE: '"{{else}}"',
  OPEN_INVERSE_CHAIN: '"{{else"',
  EQUALS: '"="',
  INVALID: "a character",
};

function unexpected(piece: Piece, { token, loc, line }: SyntaxProblem): Problem {
  const unended = token === "EOF" ? undefined : unclosedStretch(piece.text);
  if (unended !== undefined) return piece.problem(unended.offset, unended.length, unended.message);
  if (token === null || loc === undefined) return unreadable(piece, line);
  const open = token === "EOF" ? unclosedBlock(piece.text) : undefined;
  if (open !== undefined) {
    const message = `The block "${open.name}" is not closed. Close it with {{/${open.name}}}.`;
    return piece.problem(open.offset, open.length, message);
  }
  const end = piece.offsetOf(loc.last_line, loc.last_column);
  const tag = token === "EOF" ? piece.text.lastIndexOf("{{") : -1;
  if (tag !== -1) return piece.problem(tag, 2, 'This tag is not closed. Close it with "}}".');
  const gap = /^\s*/.exec(piece.text.slice(end))?.[0].length ?? 0;
  const what = TOKENS[token] ?? "what stands here";
  return piece.problem(end + gap, 1, `Handlebars cannot go on here: ${what} is out of place.`);
}

/** The first comment or raw block without its end: Handlebars finds no token in what follows. */
function unclosedStretch(
  text: string,
): { offset: number; length: number; message: string } | undefined {
  const opening = /\{\{~?!--|\{\{~?!|\{\{\{\{(?!\/)\s*([^\s}]+)/g;
  for (let found = opening.exec(text); found !== null; found = opening.exec(text)) {
    const [start, name] = found;
    const { index } = found;
    const ends = endingOf(start, name);
    const end = ends.sign.exec(text.slice(opening.lastIndex));
    if (end === null) {
      const what = name === undefined ? "This comment" : `The raw block "${name}"`;
      const message = `${what} is not closed. Close it with ${ends.shown}.`;
      return { offset: index, length: start.length, message };
    }
    opening.lastIndex += end.index + end[0].length;
  }
  return undefined;
}

function endingOf(start: string, name: string | undefined): { sign: RegExp; shown: string } {
  if (name !== undefined) return { sign: /\{\{\{\{\/[^\s}]*\}\}\}\}/, shown: `{{{{/${name}}}}}` };
  return start.endsWith("--") ? { sign: /--~?\}\}/, shown: "--}}" } : { sign: /\}\}/, shown: "}}" };
}

/** What no rule of Handlebars' reader takes, such as a NUL; of its place only the line is known. */
function unreadable(piece: Piece, line: number): Problem {
  const nul = piece.text.indexOf("\0");
  return nul === -1
    ? piece.problem(piece.offsetOf(line + 1, 0), 1, "Handlebars cannot read this line.")
    : piece.problem(nul, 1, "A NUL character stands here. Delete it.");
}

/** The innermost block that is opened and not closed. */
function unclosedBlock(text: string): { name: string; offset: number; length: number } | undefined {
  const open: { name: string; offset: number; length: number }[] = [];
  const tags = /\{\{!--.*?--~?\}\}|\{\{!.*?\}\}|\{\{~?(#[>*]?|\^|\/)\s*([^\s}|~]+)[^}]*\}\}/gs;
  for (const { 0: tag, 1: sign, 2: name, index } of text.matchAll(tags)) {
    if (name === undefined) continue;
    if (sign === "/") open.pop();
    else open.push({ name, offset: index, length: tag.length });
  }
  return open.at(-1);
}

/** Handlebars' own objections do have a place: blocks closed by another name, impossible paths. */
function objected(piece: Piece, { message, lineNumber, column }: handlebars.Exception): Problem {
  const offset = piece.offsetOf(Number(lineNumber ?? 1), Number(column ?? 0));
  const said = message.replace(/ - \d+:\d+$/, "");
  const mismatch = /^(\S+) doesn't match (\S+)$/.exec(said);
  if (mismatch === null) return piece.problem(offset, 1, `Handlebars objects: ${said}.`);
  const [, name = "", closed] = mismatch;
  return piece.problem(
    offset,
    name.length,
    `The block "${name}" is closed by {{/${closed}}}. Close it with {{/${name}}}.`,
  );
}
