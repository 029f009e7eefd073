import type { Shape } from "../core/shape.ts";
import { didYouMean } from "../core/suggest.ts";
import type { Enter } from "./check-block.ts";
import { checkArguments, checkValue } from "./check-expression.ts";
import type { At } from "./checking.ts";
import { ANY, enterPartial, type Scope } from "./scope.ts";

/** Checks the use of a partial, and the partial with what it is given there. */
export function checkPartial(
  node: hbs.AST.PartialStatement | hbs.AST.PartialBlockStatement,
  scope: Scope,
  at: At,
  enter: Enter,
): void {
  const inner = enterPartial(scope, ...given(node, scope, at));
  if (node.name.type === "SubExpression")
    return report(at, node.name, "A partial's name must be written out.");
  const name = node.name.original;
  if (name === "@partial-block") return checkPartialBlock(node, inner, at, enter);
  const program = "program" in node ? node.program : undefined;
  const block = program === undefined ? null : { program, at, scope, isUsed: false };
  enterNamed(name, node.name, { inner, at: { ...at, block }, enter });
  if (block !== null && !block.isUsed)
    enter(block.program, { ...scope, context: inner.context }, at);
  return undefined;
}

/** The context that a partial is given, and what it is given by name. */
function given(
  node: hbs.AST.PartialStatement | hbs.AST.PartialBlockStatement,
  scope: Scope,
  at: At,
): [context: Shape, named: Readonly<Record<string, Shape>>] {
  const [context, ...more] = checkArguments(node, scope, at);
  for (const extra of more)
    report(at, extra.node, "A partial takes one context; give the rest as name=value.");
  const pairs = (node.hash as hbs.AST.Hash | undefined)?.pairs ?? [];
  const named = Object.fromEntries(
    pairs.map((pair) => [pair.key, checkValue(pair.value, scope, at) ?? ANY]),
  );
  return [context === undefined ? scope.context : (context.shape ?? ANY), named];
}

function checkPartialBlock(node: hbs.AST.Node, { context }: Scope, at: At, enter: Enter): void {
  const { block } = at;
  if (block === null) {
    const message = "Nothing is here unless the partial is used as {{#> name}}…{{/name}}.";
    if (at.inside.size === 0) report(at, node, message);
    return;
  }
  block.isUsed = true;
  enter(block.program, { ...block.scope, context }, block.at);
}

/** A partial about to be entered. */
interface Entry {
  readonly inner: Scope;
  readonly at: At;
  readonly enter: Enter;
}

function enterNamed(name: string, place: hbs.AST.Node, { inner, at, enter }: Entry): void {
  const { partials, used } = at.checking;
  const piece = partials.get(name);
  if (piece === undefined)
    return report(at, place, `There is no partial "${name}".${didYouMean(name, partials.keys())}`);
  used.add(name);
  if (at.inside.has(name)) return undefined;
  const inside = new Set([...at.inside, name]);
  return enter(at.checking.parse(piece), inner, { ...at, piece, inside });
}

function report(at: At, node: hbs.AST.Node, mistake: string): void {
  at.checking.report(at, node, { mistake });
}
