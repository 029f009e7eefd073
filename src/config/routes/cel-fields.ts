import type { ASTNode } from "@marcbachmann/cel-js";
import { FACTS_SHAPE, type Shape } from "../../core/shape.ts";
import { didYouMean } from "../../core/suggest.ts";
import { fieldsOf } from "./fact-path.ts";
import { nameList } from "../yaml/name-list.ts";

/** Something wrong with a CEL condition: offsets into its text, the end not included. */
export interface CelFlaw {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The fields that a CEL condition names and events lack, values that never come, and functions that are refused.
 * CEL's own check passes over fields inside `has(…)` and stops at the first error.
 */
export function fieldFlaws(
  ast: ASTNode,
  isBuiltIn: (name: string) => boolean,
  functions: ReadonlySet<string>,
): CelFlaw[] {
  const walk: Walk = { flaws: [], isBuiltIn, functions: new Set([...functions, ...MACROS]) };
  visit(ast, new Map(Object.entries(FACTS_SHAPE.fields)), walk);
  return walk.flaws;
}

interface Walk {
  readonly flaws: CelFlaw[];
  /** Whether a name is CEL's own, such as `int`. */
  readonly isBuiltIn: (name: string) => boolean;
  /** What may be called. */
  readonly functions: ReadonlySet<string>;
}

/** The names that may be used, with what they stand for. */
type Scope = ReadonlyMap<string, Shape>;

const ANY: Shape = { type: "any" };

/** Walks a node and gives the shape of what it comes to. */
function visit(node: ASTNode, scope: Scope, walk: Walk): Shape {
  switch (node.op) {
    case "id":
      return scope.get(node.args) ?? unknownName(node, scope, walk);
    case ".":
    case ".?":
      return field(visit(node.args[0], scope, walk), node.args[1], node.end, walk);
    case "[]":
    case "[?]":
      return element(node, scope, walk);
    case "call":
      return call(node, scope, walk);
    case "rcall":
      return method(node, scope, walk);
    case "==":
    case "!=":
    case "<":
    case "<=":
    case ">":
    case ">=":
    case "in":
      return compare(node, scope, walk);
    case "?:": {
      const [condition, yes, no] = node.args;
      visit(condition, scope, walk);
      visit(no, scope, walk);
      return visit(yes, scope, walk);
    }
    case "list":
      for (const item of node.args) visit(item, scope, walk);
      return ANY;
    case "map":
      for (const [key, value] of node.args) [key, value].forEach((one) => visit(one, scope, walk));
      return ANY;
    case "!_":
    case "-_":
      return visit(node.args, scope, walk);
    case "value":
      return ANY;
    case "&&":
    case "||":
    case "+":
    case "-":
    case "*":
    case "/":
    case "%":
      for (const side of node.args) visit(side, scope, walk);
      return ANY;
  }
}

function unknownName(node: Extract<ASTNode, { op: "id" }>, scope: Scope, walk: Walk): Shape {
  const name = node.args;
  const message = `An event has no "${name}".${didYouMean(name, scope.keys())}`;
  if (!walk.isBuiltIn(name)) walk.flaws.push({ message, start: node.start, end: node.end });
  return ANY;
}

function field(base: Shape, name: string, end: number, walk: Walk): Shape {
  if (base.type === "any") return ANY;
  const span = { start: end - name.length, end };
  if (base.type === "list") {
    const message =
      'This is a list. Ask about its elements: `changes.exists(c, c.kind == "group.added")`.';
    walk.flaws.push({ message, ...span });
    return ANY;
  }
  const known =
    base.type === "object" && Object.hasOwn(base.fields, name) ? base.fields[name] : undefined;
  if (known !== undefined) return known;
  const fields = fieldsOf(base);
  const choice =
    fields.length === 0 ? " It is a single value." : ` There are ${nameList(fields, "and")}.`;
  const meant = didYouMean(name, fields);
  walk.flaws.push({
    message: `There is no "${name}" here.${meant === "" ? choice : meant}`,
    ...span,
  });
  return ANY;
}

function element(node: Extract<ASTNode, { op: "[]" | "[?]" }>, scope: Scope, walk: Walk): Shape {
  const [baseNode, index] = node.args;
  const base = visit(baseNode, scope, walk);
  visit(index, scope, walk);
  if (base.type === "list") return base.of;
  if (index.op !== "value" || typeof index.args !== "string") return ANY;
  return field(base, index.args, index.end - 1, walk);
}

function call(node: Extract<ASTNode, { op: "call" }>, scope: Scope, walk: Walk): Shape {
  const [name, given] = node.args;
  if (name === "matches") refuseMatches(node, walk);
  else if (!walk.functions.has(name)) return unknownFunction(name, node.start, walk);
  for (const argument of given) visit(argument, scope, walk);
  return ANY;
}

/** Before its arguments are looked at: what a macro of another name would declare is not known. */
function unknownFunction(name: string, start: number, walk: Walk): Shape {
  const message = `CEL has no function called "${name}".${didYouMean(name, walk.functions)}`;
  walk.flaws.push({ message, start, end: start + name.length });
  return ANY;
}

/** Macros that declare a variable for the elements of a list. */
const LIST_MACROS: ReadonlySet<string> = new Set(["exists", "exists_one", "all", "map", "filter"]);

const MACROS: ReadonlySet<string> = new Set([...LIST_MACROS, "has"]);

function method(node: Extract<ASTNode, { op: "rcall" }>, scope: Scope, walk: Walk): Shape {
  const [name, receiver, given] = node.args;
  if (name === "matches") refuseMatches(node, walk);
  const base = visit(receiver, scope, walk);
  if (name !== "matches" && !walk.functions.has(name))
    return unknownFunction(name, node.input.indexOf(name, receiver.end), walk);
  const [variable] = given;
  const isMacro = LIST_MACROS.has(name) && variable?.op === "id" && given.length > 1;
  if (!isMacro) {
    for (const argument of given) visit(argument, scope, walk);
    return ANY;
  }
  const item = base.type === "list" ? base.of : ANY;
  const inner = new Map([...scope, [variable.args, item]]);
  for (const argument of given.slice(1)) visit(argument, inner, walk);
  return name === "filter" ? base : ANY;
}

/** A backtracking regular expression over a customer's text could hold up every event for minutes. */
function refuseMatches(node: ASTNode, walk: Walk): void {
  const at = node.input.indexOf("matches", node.op === "rcall" ? node.args[1].end : node.start);
  const message =
    "`matches` is not available. Use `startsWith`, `endsWith` or `contains`, or `*` in `match`.";
  walk.flaws.push({ message, start: at, end: at + "matches".length });
}

function compare(
  node: Extract<ASTNode, { op: "==" | "!=" | "in" | "<" | "<=" | ">" | ">=" }>,
  scope: Scope,
  walk: Walk,
): Shape {
  const [left, right] = node.args;
  const shapes = [visit(left, scope, walk), visit(right, scope, walk)];
  const literals = node.op === "in" ? (right.op === "list" ? right.args : []) : [left, right];
  if (shapes.some((shape) => shape.type === "number")) refuseTexts(literals, walk);
  if (node.op !== "==" && node.op !== "!=" && node.op !== "in") return ANY;
  const values = shapes.flatMap((shape) => (shape.type === "string" ? (shape.values ?? []) : []));
  for (const literal of values.length === 0 ? [] : literals) {
    if (literal.op !== "value" || typeof literal.args !== "string") continue;
    if (values.includes(literal.args)) continue;
    const meant = didYouMean(literal.args, values);
    const message = `It is never "${literal.args}".${meant === "" ? ` It can be ${nameList(values, "or")}.` : meant}`;
    walk.flaws.push({ message, start: literal.start, end: literal.end });
  }
  return ANY;
}

/** Numbers are dynamic in CEL's own check, which lets a text pass that no number is ever equal to. */
function refuseTexts(literals: readonly ASTNode[], walk: Walk): void {
  for (const literal of literals) {
    if (literal.op !== "value" || typeof literal.args !== "string") continue;
    const isNumber = /^-?\d+(?:\.\d+)?$/.test(literal.args);
    const hint = isNumber ? ` Write ${literal.args} without quotes.` : "";
    const message = `This is compared with a number, and a text never fits one.${hint}`;
    walk.flaws.push({ message, start: literal.start, end: literal.end });
  }
}
