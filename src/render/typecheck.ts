import type { Problem } from "../core/problem.ts";
import type { Shape } from "../core/shape.ts";
import { didYouMean, suggest } from "../core/suggest.ts";
import type { Argument } from "./call.ts";
import { checkCall } from "./call.ts";
import { HELPERS } from "./helpers.ts";
import type { Piece } from "./piece.ts";
import type { Scope } from "./scope.ts";
import {
  ANY,
  describe,
  enterItem,
  enterPartial,
  enterValue,
  isScoped,
  lookUp,
  rootScope,
} from "./scope.ts";
import { parsePiece } from "./syntax.ts";

/** A piece of a template, and whether the template lets values in as Markdown. */
export interface Checked {
  readonly piece: Piece;
  readonly isRawAllowed: boolean;
}

/**
 * Every path, helper and partial in the pieces that no event can satisfy, and all that Handlebars cannot read.
 * A partial is checked where it is used, with what it is given there; one that is used nowhere, as if given anything.
 */
export function typecheck(
  pieces: readonly Checked[],
  partials: ReadonlyMap<string, Piece>,
): Problem[] {
  const checker = new Checker(partials);
  for (const { piece, isRawAllowed } of pieces) checker.check(piece, isRawAllowed);
  checker.checkUnused();
  return checker.problems;
}

const BLOCKS = ["if", "unless", "each", "with"];

/** Where in which piece the walk is. */
interface At {
  readonly piece: Piece;
  readonly isRawAllowed: boolean;
  /** The partials that the walk is inside of: one that uses itself is not entered again. */
  readonly inside: ReadonlySet<string>;
  /** What `{{> @partial-block}}` puts out. */
  readonly block: PartialBlock | null;
}

/** What a `{{#> partial}}` holds, with the place that it was written in. */
interface PartialBlock {
  readonly program: hbs.AST.Program;
  readonly at: At;
  readonly scope: Scope;
  isUsed: boolean;
}

/** A mustache, a block or a subexpression: something that may be a helper's call. */
type Expression = Pick<hbs.AST.SubExpression, "path" | "params"> & {
  readonly hash?: hbs.AST.Hash | undefined;
};

class Checker {
  readonly problems: Problem[] = [];
  readonly #partials: ReadonlyMap<string, Piece>;
  readonly #programs = new Map<Piece, hbs.AST.Program | undefined>();
  readonly #used = new Set<string>();
  readonly #told = new Set<string>();

  constructor(partials: ReadonlyMap<string, Piece>) {
    this.#partials = partials;
  }

  check(piece: Piece, isRawAllowed: boolean): void {
    const program = this.#parse(piece);
    const at = { piece, isRawAllowed, inside: new Set<string>(), block: null };
    if (program !== undefined) this.#program(program, rootScope(), at);
  }

  checkUnused(): void {
    for (const [name, piece] of this.#partials) {
      const program = this.#used.has(name) ? undefined : this.#parse(piece);
      const at = { piece, isRawAllowed: true, inside: new Set([name]), block: null };
      if (program !== undefined) this.#program(program, { ...rootScope(), context: ANY }, at);
    }
  }

  #parse(piece: Piece): hbs.AST.Program | undefined {
    if (this.#programs.has(piece)) return this.#programs.get(piece);
    const parsed = parsePiece(piece);
    if ("severity" in parsed) this.#tell(parsed);
    const program = "severity" in parsed ? undefined : parsed;
    this.#programs.set(piece, program);
    return program;
  }

  #program(program: hbs.AST.Program | undefined, scope: Scope, at: At): void {
    for (const statement of program?.body ?? []) this.#statement(statement, scope, at);
  }

  #statement(node: hbs.AST.Statement, scope: Scope, at: At): void {
    switch (node.type) {
      case "MustacheStatement":
        return this.#mustache(node as hbs.AST.MustacheStatement, scope, at);
      case "BlockStatement":
        return this.#block(node as hbs.AST.BlockStatement, scope, at);
      case "PartialStatement":
        return this.#partial(node as hbs.AST.PartialStatement, undefined, scope, at);
      case "PartialBlockStatement": {
        const partial = node as hbs.AST.PartialBlockStatement;
        return this.#partial(partial, partial.program, scope, at);
      }
      case "Decorator":
      case "DecoratorBlock":
        return this.#report(
          at,
          node,
          'There are no decorators. Put a partial in the folder "partials".',
        );
      default:
        return undefined;
    }
  }

  #mustache(node: hbs.AST.MustacheStatement, scope: Scope, at: At): void {
    if (!node.escaped && !at.isRawAllowed) {
      const message =
        'This puts a value in as Markdown, so that customers could write links and formatting. Write "{{…}}", or say "raw: true" in the front matter.';
      this.#report(at, node, message);
    }
    const shape = this.#expression(node as Expression, scope, at);
    if (shape !== undefined && isPath(node)) this.#checkShown(node.path, shape, at);
  }

  /** An object has no text of its own; as JSON, nobody wants to read it unless the template says so. */
  #checkShown(path: hbs.AST.Node, shape: Shape, at: At): void {
    const text = sourceOf(path, at.piece);
    if (shape.type === "object") {
      const message = `${text} is an object: write {{${text}.${tellingField(shape.fields)}}}, or {{json ${text}}}.`;
      return this.#report(at, path, message);
    }
    if (shape.type !== "list" || shape.of.type !== "object") return undefined;
    const of = tellingField(shape.of.fields);
    const message = `${text} is a list of objects: write {{join ${text} of="${of}"}}, or go through it with {{#each ${text}}}.`;
    return this.#report(at, path, message);
  }

  /** The shape of an expression; `undefined` where what is wrong with it has been told. */
  #expression(node: Expression, scope: Scope, at: At): Shape | undefined {
    const { path } = node;
    if (path.type !== "PathExpression") {
      this.#report(at, path, "A value by itself says nothing. Write it without the braces.");
      return undefined;
    }
    const name = path.original;
    const isCall = node.params.length > 0 || node.hash !== undefined;
    const isName = isSimple(path) && !scope.locals.has(name);
    const helper = isName ? HELPERS.get(name) : undefined;
    if (helper !== undefined) return this.#call(name, node, scope, at);
    if (isName && BLOCKS.includes(name)) {
      this.#report(at, path, `"${name}" is a block: write {{#${name} …}} and {{/${name}}}.`);
      return undefined;
    }
    if (!isCall) return this.#path(path, scope, at, isName ? HELPERS.keys() : []);
    this.#arguments(node, scope, at);
    const known = [...HELPERS.keys(), ...BLOCKS];
    const all = ` The helpers are ${[...HELPERS.keys()].join(", ")}.`;
    this.#report(at, path, `There is no helper "${name}".${didYouMean(name, known) || all}`);
    return undefined;
  }

  #call(name: string, node: Expression, scope: Scope, at: At): Shape | undefined {
    const helper = HELPERS.get(name);
    if (helper === undefined) return undefined;
    const args = this.#arguments(node, scope, at);
    const options = new Map(
      (node.hash?.pairs ?? []).map((pair) => [
        pair.key,
        { ...this.#argument(pair.value, scope, at), pair },
      ]),
    );
    return checkCall({ name, helper, path: node.path, args, options }, (place, message) =>
      this.#report(at, place, message),
    );
  }

  #arguments(node: Pick<Expression, "params">, scope: Scope, at: At): Argument[] {
    return node.params.map((param) => this.#argument(param, scope, at));
  }

  #argument(node: hbs.AST.Expression, scope: Scope, at: At): Argument {
    return { node, text: sourceOf(node, at.piece), shape: this.#value(node, scope, at) };
  }

  #value(node: hbs.AST.Expression, scope: Scope, at: At): Shape | undefined {
    switch (node.type) {
      case "PathExpression":
        return this.#path(node as hbs.AST.PathExpression, scope, at, []);
      case "SubExpression":
        return this.#expression(node as hbs.AST.SubExpression, scope, at);
      case "StringLiteral":
        return { type: "string", values: [(node as hbs.AST.StringLiteral).value] };
      case "NumberLiteral":
        return { type: "number" };
      case "BooleanLiteral":
        return { type: "boolean" };
      default:
        return ANY;
    }
  }

  #path(
    path: hbs.AST.PathExpression,
    scope: Scope,
    at: At,
    helpers: Iterable<string>,
  ): Shape | undefined {
    const found = lookUp(scope, path);
    if (typeof found !== "string") return found;
    const helper = found.includes("Did you mean") ? undefined : suggest(path.original, helpers);
    const meant = `There is no "${path.original}". Did you mean the helper "${helper}"?`;
    this.#report(at, path, helper === undefined ? found : meant);
    return undefined;
  }

  #block(node: hbs.AST.BlockStatement, scope: Scope, at: At): void {
    const inner = this.#blockScope(node, scope, at);
    this.#program(node.program, inner, at);
    this.#program(node.inverse, scope, at);
  }

  /** The scope of what a block holds; where the block itself is wrong, one in which everything goes. */
  #blockScope(node: hbs.AST.BlockStatement, scope: Scope, at: At): Scope {
    const { path } = node;
    const hash = node.hash as hbs.AST.Hash | undefined;
    const names = (node.program as hbs.AST.Program | undefined)?.blockParams ?? [];
    const unknown = () => enterItem(scope, ANY, names);
    const name = path.original;
    if (isSimple(path) && BLOCKS.includes(name)) {
      const args = this.#arguments(node, scope, at);
      if (args.length !== 1) {
        this.#report(at, path, `"${name}" takes 1 argument, not ${args.length}.`);
        return unknown();
      }
      for (const pair of hash?.pairs ?? []) this.#value(pair.value, scope, at);
      return this.#builtIn(name, args[0], scope, at, names);
    }
    if (isSimple(path) && HELPERS.has(name)) {
      this.#report(at, path, `"${name}" is no block: write {{${name} …}}, or {{#if (${name} …)}}.`);
      return unknown();
    }
    if (node.params.length > 0 || hash !== undefined) {
      this.#arguments(node, scope, at);
      this.#report(at, path, `There is no block "${name}".${didYouMean(name, BLOCKS)}`);
      return unknown();
    }
    const shape = this.#path(path, scope, at, BLOCKS);
    if (shape === undefined) return unknown();
    if (shape.type === "list") return enterItem(scope, shape, names);
    return shape.type === "boolean" ? scope : enterValue(scope, shape, names);
  }

  #builtIn(
    name: string,
    argument: Argument | undefined,
    scope: Scope,
    at: At,
    names: readonly string[],
  ): Scope {
    const shape = argument?.shape ?? ANY;
    if (name === "with") return enterValue(scope, shape, names);
    if (name !== "each") return scope;
    const isListed = ["list", "object", "any"].includes(shape.type);
    if (argument !== undefined && !isListed)
      this.#report(
        at,
        argument.node,
        `"each" goes through a list, but ${argument.text} is ${describe(shape)}.`,
      );
    return enterItem(scope, isListed ? shape : ANY, names);
  }

  #partial(
    node: hbs.AST.PartialStatement | hbs.AST.PartialBlockStatement,
    program: hbs.AST.Program | undefined,
    scope: Scope,
    at: At,
  ): void {
    const [given, ...more] = this.#arguments(node, scope, at);
    for (const extra of more)
      this.#report(at, extra.node, "A partial takes one context; give the rest as name=value.");
    const hash = (node.hash as hbs.AST.Hash | undefined)?.pairs ?? [];
    const named = Object.fromEntries(
      hash.map((pair) => [pair.key, this.#value(pair.value, scope, at) ?? ANY]),
    );
    const context = given === undefined ? scope.context : (given.shape ?? ANY);
    const inner = enterPartial(scope, context, named);
    if (node.name.type === "SubExpression")
      return this.#report(at, node.name, "A partial's name must be written out.");
    const name = node.name.original;
    if (name === "@partial-block") return this.#partialBlock(node, inner, at);
    const block = program === undefined ? null : { program, at, scope, isUsed: false };
    this.#named(name, node.name, inner, { ...at, block });
    if (block !== null && !block.isUsed)
      this.#program(block.program, { ...scope, context: inner.context }, at);
  }

  #partialBlock(node: hbs.AST.Node, { context }: Scope, { block, ...at }: At): void {
    if (block === null) {
      const message = "Nothing is here unless the partial is used as {{#> name}}…{{/name}}.";
      if (at.inside.size === 0) this.#report({ ...at, block }, node, message);
      return;
    }
    block.isUsed = true;
    this.#program(block.program, { ...block.scope, context }, block.at);
  }

  #named(name: string, place: hbs.AST.Node, scope: Scope, at: At): void {
    const piece = this.#partials.get(name);
    if (piece === undefined) {
      const message = `There is no partial "${name}".${didYouMean(name, this.#partials.keys())}`;
      return this.#report(at, place, message);
    }
    this.#used.add(name);
    if (at.inside.has(name)) return undefined;
    const inside = new Set([...at.inside, name]);
    return this.#program(this.#parse(piece), scope, { ...at, piece, inside });
  }

  #report(at: At, { loc }: hbs.AST.Node, message: string): void {
    const start = at.piece.offsetOf(loc.start.line, loc.start.column);
    const end = at.piece.offsetOf(loc.end.line, loc.end.column);
    this.#tell(at.piece.problem(start, firstLine(at.piece.text.slice(start, end)).length, message));
  }

  /** Once, however many templates use the partial that it is in. */
  #tell(problem: Problem): void {
    const key = JSON.stringify(problem);
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.problems.push(problem);
  }
}

/** Whether a path is one bare name, which Handlebars takes for a helper's if there is one. */
function isSimple(path: hbs.AST.PathExpression): boolean {
  return path.parts.length === 1 && path.depth === 0 && !path.data && !isScoped(path);
}

/** Whether a mustache is a path alone, and no helper's call. */
function isPath({ path, params, hash }: hbs.AST.MustacheStatement): boolean {
  const isCalled = params.length > 0 || (hash as hbs.AST.Hash | undefined) !== undefined;
  return path.type === "PathExpression" && !isCalled;
}

/** The field that says best what an object is. */
function tellingField(fields: Readonly<Record<string, Shape>>): string {
  const telling = ["label", "name", "summary"].find((name) => Object.hasOwn(fields, name));
  return telling ?? Object.keys(fields)[0] ?? "id";
}

function sourceOf({ loc }: hbs.AST.Node, piece: Piece): string {
  const start = piece.offsetOf(loc.start.line, loc.start.column);
  return firstLine(piece.text.slice(start, piece.offsetOf(loc.end.line, loc.end.column)));
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
