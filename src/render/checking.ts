import type { Problem } from "../core/problem.ts";
import type { Shape } from "../core/shape.ts";
import type { Piece } from "./piece.ts";
import type { Scope } from "./scope.ts";
import { parsePiece } from "./syntax.ts";

/** Where in which piece the walk through a template is. */
export interface At {
  readonly checking: Checking;
  readonly piece: Piece;
  readonly isRawAllowed: boolean;
  /** The partials that the walk is inside of: one that uses itself is not entered again. */
  readonly inside: ReadonlySet<string>;
  /** What `{{> @partial-block}}` puts out. */
  readonly block: PartialBlock | null;
}

/** What a `{{#> partial}}` holds, with the place that it was written in. */
export interface PartialBlock {
  readonly program: hbs.AST.Program;
  readonly at: At;
  readonly scope: Scope;
  isUsed: boolean;
}

/** One check of a set of templates: what it knows, and the problems that it has come upon so far. */
export class Checking {
  readonly problems: Problem[] = [];
  /** The names of the partials that were met. */
  readonly used = new Set<string>();
  readonly partials: ReadonlyMap<string, Piece>;
  /** Whether what stands behind a condition that never holds is passed over. */
  readonly isLenient: boolean;
  /** Turns what is found into a problem; `undefined` for what is not to be told. */
  readonly #word: Wording;
  readonly #told = new Set<string>();

  constructor(partials: ReadonlyMap<string, Piece>, word: Wording, isLenient: boolean) {
    this.partials = partials;
    this.isLenient = isLenient;
    this.#word = word;
  }

  /** The syntax tree of a piece; `undefined` where Handlebars cannot read it, which is told. */
  parse(piece: Piece): hbs.AST.Program | undefined {
    const parsed = parsePiece(piece);
    if (!("severity" in parsed)) return parsed;
    this.#tell(parsed);
    return undefined;
  }

  report(at: At, { loc }: hbs.AST.Node, found: Finding): void {
    const told = this.#word(found, at);
    if (told === undefined) return;
    const { piece } = at;
    const start = piece.offsetOf(loc.start.line, loc.start.column);
    const end = piece.offsetOf(loc.end.line, loc.end.column);
    const { length } = firstLine(piece.text.slice(start, end));
    this.#tell({ ...piece.problem(start, length, told.message), severity: told.severity });
  }

  /** Once, however many templates use the partial that it is in. */
  #tell(problem: Problem): void {
    const key = JSON.stringify(problem);
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.problems.push(problem);
  }
}

/** What the walk found at a place: a mistake in words, or a fact shown that is never there. */
export type Finding =
  | { readonly mistake: string }
  | { readonly absent: Shape; readonly text: string };

/** How a check words what it finds. */
export type Wording = (found: Finding, at: At) => Pick<Problem, "severity" | "message"> | undefined;

/** A node as its template writes it, its first line. */
export function sourceOf({ loc }: hbs.AST.Node, piece: Piece): string {
  const start = piece.offsetOf(loc.start.line, loc.start.column);
  return firstLine(piece.text.slice(start, piece.offsetOf(loc.end.line, loc.end.column)));
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
