import handlebars from "handlebars";
import type { Problem } from "../core/problem.ts";
import type { Piece } from "./piece.ts";

/** The syntax tree of a piece, or what is wrong with it. */
export function parsePiece(piece: Piece): hbs.AST.Program | Problem {
  const { Parser } = handlebars as unknown as { Parser: JisonParser };
  const { parseError } = Parser;
  // The parser is one for all of Handlebars, and its own error drops the place.
  Parser.parseError = (_message, { token, loc }) => {
    throw new SyntaxProblem(token, loc);
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
    at: { readonly token: string; readonly loc: JisonPlace },
  ) => void;
}

/** Of the last token that was still in order. */
interface JisonPlace {
  readonly last_line: number;
  readonly last_column: number;
}

class SyntaxProblem extends Error {
  readonly token: string;
  readonly loc: JisonPlace;
  constructor(token: string, loc: JisonPlace) {
    super(token);
    this.token = token;
    this.loc = loc;
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

function unexpected(piece: Piece, { token, loc }: SyntaxProblem): Problem {
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
