import { NOTHING, type Shape } from "../core/shape.ts";
import type { At } from "./checking.ts";
import { sourceOf } from "./checking.ts";
import { checkBlock } from "./check-block.ts";
import { type Expression, checkExpression } from "./check-expression.ts";
import { checkPartial } from "./check-partial.ts";
import type { Scope } from "./scope.ts";

/** Checks what a program holds, statement by statement. */
export function checkProgram(program: hbs.AST.Program | undefined, scope: Scope, at: At): void {
  for (const statement of program?.body ?? []) checkStatement(statement, scope, at);
}

function checkStatement(node: hbs.AST.Statement, scope: Scope, at: At): void {
  switch (node.type) {
    case "MustacheStatement":
      return checkMustache(node as hbs.AST.MustacheStatement, scope, at);
    case "BlockStatement":
      return checkBlock(node as hbs.AST.BlockStatement, scope, at, checkProgram);
    case "PartialStatement":
    case "PartialBlockStatement":
      return checkPartial(node as PartialNode, scope, at, checkProgram);
    case "Decorator":
    case "DecoratorBlock": {
      const mistake = 'There are no decorators. Put a partial in the folder "partials".';
      return at.checking.report(at, node, { mistake });
    }
    default:
      return undefined;
  }
}

type PartialNode = hbs.AST.PartialStatement | hbs.AST.PartialBlockStatement;

function checkMustache(node: hbs.AST.MustacheStatement, scope: Scope, at: At): void {
  if (!node.escaped && !at.isRawAllowed) {
    const mistake =
      'This puts a value in as Markdown, so that customers could write links and formatting. Write "{{…}}", or say "raw: true" in the front matter.';
    at.checking.report(at, node, { mistake });
  }
  const shape = checkExpression(node as Expression, scope, at);
  if (shape !== undefined && isPath(node)) checkShown(node.path, shape, at);
}

/** Whether a mustache is a path alone, and no helper's call. */
function isPath({ path, params, hash }: hbs.AST.MustacheStatement): boolean {
  const isCalled = params.length > 0 || (hash as hbs.AST.Hash | undefined) !== undefined;
  return path.type === "PathExpression" && !isCalled;
}

/** An object has no text of its own; as JSON, nobody wants to read it unless the template says so. */
function checkShown(path: hbs.AST.Node, shape: Shape, at: At): void {
  const text = sourceOf(path, at.piece);
  const report = (mistake: string) => at.checking.report(at, path, { mistake });
  if (shape === NOTHING) return at.checking.report(at, path, { absent: shape, text });
  if (shape.type === "object") {
    const field = tellingField(shape.fields);
    return report(`${text} is an object: write {{${text}.${field}}}, or {{json ${text}}}.`);
  }
  if (shape.type !== "list" || shape.of.type !== "object") return undefined;
  const of = tellingField(shape.of.fields);
  return report(
    `${text} is a list of objects: write {{join ${text} of="${of}"}}, or go through it with {{#each ${text}}}.`,
  );
}

/** The field that says best what an object is. */
function tellingField(fields: Readonly<Record<string, Shape>>): string {
  const telling = ["label", "name", "summary"].find((name) => Object.hasOwn(fields, name));
  return telling ?? Object.keys(fields)[0] ?? "id";
}
