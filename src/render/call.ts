import type { Shape } from "../core/shape.ts";
import { didYouMean } from "../core/suggest.ts";
import type { Helper, Param, ParamType } from "./helpers.ts";
import { instant } from "./helpers.ts";
import { ANY, describe, follow } from "./scope.ts";

/** An argument in a template, and the shape of what it leads to; `undefined` where that is reported already. */
export interface Argument {
  readonly node: hbs.AST.Expression;
  /** As the template writes it. */
  readonly text: string;
  readonly shape: Shape | undefined;
}

/** A helper's call in a template. */
export interface Call {
  readonly name: string;
  readonly helper: Helper;
  readonly path: hbs.AST.Node;
  readonly args: readonly Argument[];
  readonly options: ReadonlyMap<string, Argument & { readonly pair: hbs.AST.HashPair }>;
}

type Report = (node: hbs.AST.Node, message: string) => void;

/** Reports what a helper cannot do with its arguments, and gives the shape of what comes out. */
export function checkCall(call: Call, report: Report): Shape {
  const { name, helper, args } = call;
  if (!isCountRight(helper, args.length)) {
    report(call.path, `"${name}" takes ${countInWords(helper)}, not ${args.length}.`);
    return shapeOf(call);
  }
  for (const [index, argument] of args.entries()) {
    const param = helper.params[Math.min(index, helper.params.length - 1)];
    if (param !== undefined) checkArgument(name, param, argument, report);
  }
  checkOptions(call, report);
  if (helper.compares === true) checkComparison(call, report);
  return shapeOf(call);
}

function isCountRight({ params, repeatsLast }: Helper, count: number): boolean {
  const least = params.filter((param) => param.isOptional !== true).length;
  return count >= least && (repeatsLast === true || count <= params.length);
}

function countInWords({ params, repeatsLast }: Helper): string {
  const needed = params.filter((param) => param.isOptional !== true);
  const names = params.map((param) => (param.isOptional === true ? `[${param.name}]` : param.name));
  const most = params.length;
  const count = needed.length === most ? `${most}` : `${needed.length} or ${most}`;
  const words = `${repeatsLast === true ? "at least " : ""}${count} argument${most === 1 ? "" : "s"}`;
  return `${words} (${names.join(", ")})`;
}

function checkArgument(name: string, param: Param, argument: Argument, report: Report): void {
  const { node, text, shape } = argument;
  if (shape === undefined) return;
  if (!accepts(param.takes, shape)) {
    const which = param.name === param.takes ? "" : ` for its ${param.name}`;
    report(
      node,
      `"${name}" needs ${PARAM_WORDS[param.takes]}${which}, but ${text} is ${describe(shape)}.`,
    );
    return;
  }
  const literal = literalOf(argument);
  if (param.values === undefined || literal === undefined || param.values.includes(literal)) return;
  const known = param.values.length > 5 ? "" : ` It is one of ${param.values.join(", ")}.`;
  report(
    node,
    `"${name}" knows no ${param.name} "${literal}".${didYouMean(literal, param.values) || known}`,
  );
}

const PARAM_WORDS: Readonly<Record<ParamType, string>> = {
  any: "anything",
  text: "text",
  number: "a number",
  time: "a time",
  list: "a list",
  path: "a path in quotes",
};

function accepts(takes: ParamType, shape: Shape): boolean {
  if (takes === "any" || shape.type === "any") return true;
  if (takes === "text") return ["string", "number", "boolean"].includes(shape.type);
  if (takes === "path") return shape.type === "string";
  if (takes !== "time") return shape.type === takes;
  if (shape.type !== "string") return false;
  return (
    shape.time === true || (shape.values?.every((text) => instant(text) !== undefined) ?? false)
  );
}

function checkOptions({ name, helper, args, options }: Call, report: Report): void {
  const known = Object.keys(helper.options);
  for (const [key, option] of options) {
    const param = helper.options[key];
    if (param === undefined || !Object.hasOwn(helper.options, key)) {
      const all = known.length === 0 ? " It takes none." : ` It takes ${known.join(" and ")}.`;
      report(option.pair, `"${name}" has no option "${key}".${didYouMean(key, known) || all}`);
      continue;
    }
    checkArgument(name, { ...param, name: key }, option, report);
  }
  if (!("of" in helper.options)) return;
  const [list] = args;
  const element = list?.shape?.type === "list" ? list.shape.of : ANY;
  const of = options.get("of");
  const path = of === undefined ? undefined : literalOf(of);
  if (path === undefined) {
    if (element.type === "object" && list !== undefined && of === undefined)
      report(
        list.node,
        `The elements of ${list.text} are objects. Pick a part of them with of="…".`,
      );
    return;
  }
  const found = follow(element, path.split("."), []);
  if (typeof found === "string" && of !== undefined)
    report(of.node, `${found} It is looked for in the elements of ${list?.text ?? "the list"}.`);
}

/** Two values that can never be the same, or in no order, are a slip of the pen. */
function checkComparison({ args }: Call, report: Report): void {
  const [a, b] = args;
  if (a?.shape === undefined || b?.shape === undefined) return;
  if (a.shape.type === "any" || b.shape.type === "any") return;
  if (a.shape.type !== b.shape.type) {
    const [first, second] = [describe(a.shape), describe(b.shape)];
    report(b.node, `${a.text} is ${first} and ${b.text} is ${second}: this never holds.`);
    return;
  }
  checkValue(a, b, report);
  checkValue(b, a, report);
}

function checkValue({ shape, text }: Argument, other: Argument, report: Report): void {
  const literal = literalOf(other);
  if (shape?.type !== "string" || shape.values === undefined || literal === undefined) return;
  if (shape.values.includes(literal)) return;
  const known = shape.values.length > 5 ? "" : ` It is one of ${shape.values.join(", ")}.`;
  const message = `${text} is never "${literal}".${didYouMean(literal, shape.values) || known}`;
  report(other.node, message);
}

function literalOf({ node }: Argument): string | undefined {
  return node.type === "StringLiteral" ? (node as hbs.AST.StringLiteral).value : undefined;
}

function shapeOf({ helper, args }: Call): Shape {
  if (helper.gives === "text") return { type: "string" };
  if (helper.gives === "boolean") return { type: "boolean" };
  const [first = ANY, ...rest] = args.map((argument) => argument.shape ?? ANY);
  if (first.type === "string") {
    if (rest.some((shape) => shape.type !== "string")) return ANY;
    const isTime = [first, ...rest].every(
      (shape) => shape.type === "string" && shape.time === true,
    );
    return isTime ? { type: "string", time: true } : { type: "string" };
  }
  const isScalar = first.type === "number" || first.type === "boolean";
  return rest.every((shape) => shape === first || (isScalar && shape.type === first.type))
    ? first
    : ANY;
}
