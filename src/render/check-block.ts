import { NOTHING } from "../core/shape.ts";
import { didYouMean } from "../core/suggest.ts";
import type { Argument } from "./call.ts";
import type { At } from "./checking.ts";
import { BLOCKS, checkArguments, checkPath, checkValue, isSimple } from "./check-expression.ts";
import { HELPERS } from "./helpers.ts";
import { ANY, describe, enterItem, enterValue, type Scope } from "./scope.ts";

/** How the walk goes on into what a block or partial holds. */
export type Enter = (program: hbs.AST.Program | undefined, scope: Scope, at: At) => void;

/** Checks a block and what it holds; what is never put out, because it asks for a fact that is never there, is not. */
export function checkBlock(node: hbs.AST.BlockStatement, scope: Scope, at: At, enter: Enter): void {
  const found = at.checking.problems.length;
  const inner = blockScope(node, scope, at);
  const isWrong = at.checking.problems.length > found;
  const isEntered = inner.asked !== NOTHING || node.path.original === "unless";
  if (isEntered && !(isWrong && at.checking.isLenient)) enter(node.program, inner.scope, at);
  enter(node.inverse, scope, at);
}

/** The scope of what a block holds, and the shape of what it asks for. */
interface Inner {
  readonly scope: Scope;
  readonly asked?: Argument["shape"];
}

/** Where the block itself is wrong, a scope in which everything goes. */
function blockScope(node: hbs.AST.BlockStatement, scope: Scope, at: At): Inner {
  const { path } = node;
  const hash = node.hash as hbs.AST.Hash | undefined;
  const names = (node.program as hbs.AST.Program | undefined)?.blockParams ?? [];
  const unknown = { scope: enterItem(scope, ANY, names) };
  const name = path.original;
  if (isSimple(path) && BLOCKS.includes(name)) {
    const args = checkArguments(node, scope, at);
    const [argument] = args;
    if (args.length !== 1 || argument === undefined) {
      report(at, path, `"${name}" takes 1 argument, not ${args.length}.`);
      return unknown;
    }
    for (const pair of hash?.pairs ?? []) checkValue(pair.value, scope, at);
    return { scope: builtIn(name, argument, scope, at, names), asked: argument.shape };
  }
  if (isSimple(path) && HELPERS.has(name)) {
    report(at, path, `"${name}" is no block: write {{${name} …}}, or {{#if (${name} …)}}.`);
    return unknown;
  }
  if (node.params.length > 0 || hash !== undefined) {
    checkArguments(node, scope, at);
    report(at, path, `There is no block "${name}".${didYouMean(name, BLOCKS)}`);
    return unknown;
  }
  const shape = checkPath(path, scope, at, BLOCKS);
  if (shape === undefined) return unknown;
  if (shape.type === "list") return { scope: enterItem(scope, shape, names) };
  if (shape.type === "boolean") return { scope };
  return { scope: enterValue(scope, shape, names), asked: shape };
}

function builtIn(
  name: string,
  argument: Argument,
  scope: Scope,
  at: At,
  names: readonly string[],
): Scope {
  const shape = argument.shape ?? ANY;
  if (name === "with") return enterValue(scope, shape, names);
  if (name !== "each") return scope;
  const isListed = ["list", "object", "any"].includes(shape.type);
  if (!isListed)
    report(
      at,
      argument.node,
      `"each" goes through a list, but ${argument.text} is ${describe(shape)}.`,
    );
  return enterItem(scope, isListed ? shape : ANY, names);
}

function report(at: At, node: hbs.AST.Node, mistake: string): void {
  at.checking.report(at, node, { mistake });
}
