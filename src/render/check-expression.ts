import { NOTHING, type Shape } from "../core/shape.ts";
import { didYouMean, suggest } from "../core/suggest.ts";
import type { Argument } from "./call.ts";
import { checkCall } from "./call.ts";
import type { At } from "./checking.ts";
import { sourceOf } from "./checking.ts";
import { HELPERS } from "./helpers.ts";
import type { Scope } from "./scope.ts";
import { ANY, isScoped, lookUp } from "./scope.ts";

/** The names of Handlebars' own blocks. */
export const BLOCKS: readonly string[] = ["if", "unless", "each", "with"];

/** A mustache, a block or a subexpression: something that may be a helper's call. */
export type Expression = Pick<hbs.AST.SubExpression, "path" | "params"> & {
  readonly hash?: hbs.AST.Hash | undefined;
};

/** The shape of an expression; `undefined` where what is wrong with it has been told. */
export function checkExpression(node: Expression, scope: Scope, at: At): Shape | undefined {
  const { path } = node;
  if (path.type !== "PathExpression") {
    report(at, path, "A value by itself says nothing. Write it without the braces.");
    return undefined;
  }
  const name = path.original;
  const isCall = node.params.length > 0 || node.hash !== undefined;
  const isName = isSimple(path) && !scope.locals.has(name);
  if (isName && HELPERS.has(name)) return checkHelper(name, node, scope, at);
  if (isName && BLOCKS.includes(name)) {
    report(at, path, `"${name}" is a block: write {{#${name} …}} and {{/${name}}}.`);
    return undefined;
  }
  if (!isCall) return checkPath(path, scope, at, isName ? HELPERS.keys() : []);
  checkArguments(node, scope, at);
  const known = [...HELPERS.keys(), ...BLOCKS];
  const all = ` The helpers are ${[...HELPERS.keys()].join(", ")}.`;
  report(at, path, `There is no helper "${name}".${didYouMean(name, known) || all}`);
  return undefined;
}

/** The arguments with their shapes. */
export function checkArguments(node: Pick<Expression, "params">, scope: Scope, at: At): Argument[] {
  return node.params.map((param) => argument(param, scope, at));
}

/** The shape of a value; `undefined` where what is wrong with it has been told. */
export function checkValue(node: hbs.AST.Expression, scope: Scope, at: At): Shape | undefined {
  switch (node.type) {
    case "PathExpression":
      return checkPath(node as hbs.AST.PathExpression, scope, at, []);
    case "SubExpression":
      return checkExpression(node as hbs.AST.SubExpression, scope, at);
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

/** The shape behind a path; `undefined` where it leads nowhere, which has been told. */
export function checkPath(
  path: hbs.AST.PathExpression,
  scope: Scope,
  at: At,
  helpers: Iterable<string>,
): Shape | undefined {
  const found = lookUp(scope, path);
  if (typeof found !== "string") return found;
  const helper = found.includes("Did you mean") ? undefined : suggest(path.original, helpers);
  const meant = `There is no "${path.original}". Did you mean the helper "${helper}"?`;
  report(at, path, helper === undefined ? found : meant);
  return undefined;
}

/** Whether a path is one bare name, which Handlebars takes for a helper's if there is one. */
export function isSimple(path: hbs.AST.PathExpression): boolean {
  return path.parts.length === 1 && path.depth === 0 && !path.data && !isScoped(path);
}

function checkHelper(name: string, node: Expression, scope: Scope, at: At): Shape | undefined {
  const helper = HELPERS.get(name);
  if (helper === undefined) return undefined;
  const args = checkArguments(node, scope, at);
  const options = new Map(
    (node.hash?.pairs ?? []).map((pair) => [
      pair.key,
      { ...argument(pair.value, scope, at), pair },
    ]),
  );
  if (helper.gives === "text") checkShown(args, at);
  return checkCall({ name, helper, path: node.path, args, options }, (place, message) =>
    report(at, place, message),
  );
}

/** Helpers that make a text of a fact have nothing to say of one that is never there. */
function checkShown(args: readonly Argument[], at: At): void {
  for (const { node, text, shape } of args)
    if (shape === NOTHING) at.checking.report(at, node, { absent: shape, text });
}

function argument(node: hbs.AST.Expression, scope: Scope, at: At): Argument {
  return { node, text: sourceOf(node, at.piece), shape: checkValue(node, scope, at) };
}

function report(at: At, node: hbs.AST.Node, mistake: string): void {
  at.checking.report(at, node, { mistake });
}
