import handlebars from "handlebars";
import { TemplateError } from "../core/error.ts";
import type { Facts } from "../core/facts.ts";
import type { Inline } from "../core/message.ts";
import type { Problem } from "../core/problem.ts";
import { HELPERS } from "./helpers.ts";
import type { Piece } from "./piece.ts";
import { lineAndColumn } from "./piece.ts";
import { parsePiece } from "./syntax.ts";
import { inlinesOf, textOf, withoutMarks } from "./value.ts";

/**
 * What came of a piece: the author's text with a mark in the place of each value, and the values.
 * No value is part of the text, so nothing that a value holds can become markup.
 */
export interface Output {
  readonly text: string;
  readonly values: readonly (readonly Inline[])[];
  /** Whether values are part of the text, put in as the author's own Markdown. */
  readonly hasRaw?: boolean;
}

/** A piece made ready for events. Throws a `TemplateError` when rendering fails. */
export type Program = (facts: Facts) => Output;

/** Makes pieces ready for events, with the partials they share. */
export interface Engine {
  program(piece: Piece, isRawAllowed: boolean): Program;
  /** Handlebars' own objections to a piece: what only its compiler finds. */
  objections(piece: Piece): Problem[];
}

/** The mark of the value at an index: its digits between two noncharacters, which no value and no author can write. */
export const MARK = /\uFDD0(\d+)\uFDD1/;

const OPTIONS = {
  knownHelpersOnly: true,
  knownHelpers: {
    ...Object.fromEntries([...HELPERS.keys()].map((name) => [name, true])),
    log: false,
    lookup: false,
  },
} as CompileOptions;

/** The engine of one set of partials. */
export function createEngine(partials: ReadonlyMap<string, Piece>): Engine {
  const environment = inertEnvironment();
  const { Compiler } = environment as unknown as { readonly Compiler: CompilerClass };
  for (const [name, piece] of partials)
    environment.registerPartial(name, placed(environment.compile(piece.text, OPTIONS), piece));
  return {
    program: (piece, isRawAllowed) => {
      // Handlebars gathers all helpers anew at each rendering, also of what has none to call, such as labels.
      if (!piece.text.includes("{{")) return always({ text: piece.text, values: [] });
      const template = placed(environment.compile(piece.text, OPTIONS), piece);
      return (facts) => run(template, facts, isRawAllowed);
    },
    objections: (piece) => {
      const parsed = parsePiece(piece);
      if ("severity" in parsed || !piece.text.includes("{{")) return [];
      try {
        // The compiler adds to the tree that it is given, and all that it objects to it finds in its first half.
        new Compiler().compile(structuredClone(parsed), OPTIONS);
        return [];
      } catch (error) {
        const { message, line, column } = objectionOf(error);
        return [piece.problem(piece.offsetOf(line, column), 1, `Handlebars objects: ${message}.`)];
      }
    },
  };
}

function always(output: Output): Program {
  return () => output;
}

/** The template with its failures told as a `TemplateError` at their place in the piece. */
function placed(template: HandlebarsTemplateDelegate, piece: Piece): HandlebarsTemplateDelegate {
  return (context: unknown, options) => {
    try {
      return template(context, options);
    } catch (error) {
      if (error instanceof TemplateError && error.place !== undefined) throw error;
      throw templateError(error, piece);
    }
  };
}

/** Renders with the two functions that compiled templates call for each value they put out. */
function run(template: HandlebarsTemplateDelegate, facts: Facts, isRawAllowed: boolean): Output {
  const values: (readonly Inline[])[] = [];
  let hasRaw = false;
  const data: Sink = {
    hold: (value) => `\uFDD0${values.push(inlinesOf(value)) - 1}\uFDD1`,
    raw: (value) => {
      if (!isRawAllowed)
        throw new TemplateError(
          "The template puts a value in as Markdown, but does not say raw: true.",
        );
      hasRaw = true;
      return withoutMarks(textOf(value));
    },
  };
  const text = template(facts, { data, ...NO_PROTOTYPES });
  return { text, values, hasRaw };
}

/** Handlebars' default, said aloud, as it would otherwise warn on the console. */
const NO_PROTOTYPES = {
  allowProtoPropertiesByDefault: false,
  allowProtoMethodsByDefault: false,
};

/** What compiled templates find in Handlebars' `data`, which every block and partial hands on. */
interface Sink {
  /** Keeps a value and gives its mark. */
  hold(value: unknown): string;
  /** Gives the value as the author's own Markdown. */
  raw(value: unknown): string;
}

/** Compiled code is built of strings; of Handlebars' two compilers only these members are ours to know. */
interface CompilerClass {
  new (): {
    compile(program: hbs.AST.Program, options: CompileOptions): unknown;
    SubExpression(node: hbs.AST.Node): void;
    opcode(name: string): void;
    appendToBuffer(source: readonly unknown[]): unknown;
    pushSource(source: unknown): void;
    popStack(): unknown;
  };
}

/**
 * A Handlebars environment in which a value that is put out goes to the sink instead of through HTML escaping.
 * `noEscape` and `Utils.escapeExpression` would not do: the one mixes values into the text, the other is shared by all
 * environments.
 */
function inertEnvironment(): typeof handlebars {
  const environment = handlebars.create();
  const { Compiler, JavaScriptCompiler } = environment as unknown as Record<string, CompilerClass>;
  if (Compiler === undefined || JavaScriptCompiler === undefined)
    throw new TypeError("Handlebars came without its compiler.");

  class InertCompiler extends Compiler {
    get compiler(): CompilerClass {
      return InertCompiler;
    }
    MustacheStatement(mustache: hbs.AST.MustacheStatement): void {
      this.SubExpression(mustache);
      this.opcode(mustache.escaped ? "appendEscaped" : "appendRaw");
    }
  }
  class InertJavaScriptCompiler extends JavaScriptCompiler {
    get compiler(): CompilerClass {
      return InertJavaScriptCompiler;
    }
    appendEscaped(): void {
      this.pushSource(this.appendToBuffer(["data.hold(", this.popStack(), ")"]));
    }
    appendRaw(): void {
      this.pushSource(this.appendToBuffer(["data.raw(", this.popStack(), ")"]));
    }
  }
  Object.assign(environment, {
    Compiler: InertCompiler,
    JavaScriptCompiler: InertJavaScriptCompiler,
  });

  for (const name of ["log", "lookup"]) environment.unregisterHelper(name);
  for (const name of Object.keys(environment.decorators)) delete environment.decorators[name];
  for (const [name, helper] of HELPERS)
    environment.registerHelper(name, (...given: unknown[]) => {
      const { hash, fn } = given.pop() as handlebars.HelperOptions;
      // What a block puts out is not held as a value, so a helper that gives a value must not be one.
      if (fn !== undefined) throw new TemplateError(`The helper "${name}" is no block.`);
      return helper.run(given, hash);
    });
  return environment;
}

/** Why Handlebars cannot go on; lines from 1, columns from 0. */
interface Objection {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

function templateError(error: unknown, piece: Piece): TemplateError {
  const objection = objectionOf(error);
  const offset = piece.sourceOffset(piece.offsetOf(objection.line, objection.column));
  const { line, column } = lineAndColumn(piece.source, offset);
  return new TemplateError(objection.message, {
    place: `${piece.file}:${line}:${column}`,
    cause: error,
  });
}

/** Handlebars knows a place for what it finds when compiling; what fails later has none, and counts for the whole. */
function objectionOf(error: unknown): Objection {
  if (error instanceof RangeError && error.message.includes("call stack")) {
    const message = "The template has no end: a partial uses itself again and again.";
    return { message, line: 1, column: 0 };
  }
  const { message, lineNumber, column } = error as Partial<handlebars.Exception>;
  return {
    message: (message ?? String(error)).replace(/ - \d+:\d+$/, ""),
    line: typeof lineNumber === "number" ? lineNumber : 1,
    column: typeof column === "number" ? column : 0,
  };
}
