import type { Shape } from "../core/shape.ts";
import { FACTS_SHAPE, shapeAt } from "../core/shape.ts";
import { suggest } from "../core/suggest.ts";

/** The shape of what can hold anything. */
export const ANY: Shape = { type: "any" };

/** What a path may begin with at one place in a template. */
export interface Scope {
  readonly context: Shape;
  /** What `../` leads to. */
  readonly above: Scope | null;
  /** What a block names with `as |name|`. */
  readonly locals: ReadonlyMap<string, Shape>;
  readonly frame: Frame;
}

/** What can be said with an `@`; `@../` leads to the frame above. */
export interface Frame {
  readonly names: ReadonlyMap<string, Shape>;
  readonly above: Frame | null;
}

/** Where a template begins, with the shape of the events that come to it. */
export function rootScope(facts: Shape): Scope {
  const frame = { names: new Map([["root", facts]]), above: null };
  return { context: facts, above: null, locals: new Map(), frame };
}

/** Inside `{{#each}}`: the elements of a list, or the values of an object. */
export function enterItem(scope: Scope, list: Shape, names: readonly string[]): Scope {
  const item = list.type === "list" ? list.of : ANY;
  const key: Shape = list.type === "list" ? { type: "number" } : { type: "string" };
  const frame = {
    names: new Map<string, Shape>([
      ...scope.frame.names,
      ["index", { type: "number" }],
      ["key", key],
      ["first", { type: "boolean" }],
      ["last", { type: "boolean" }],
    ]),
    above: scope.frame,
  };
  return { context: item, above: scope, locals: named(scope, names, [item, key]), frame };
}

/** Inside `{{#with}}`; a block about what is already the context leads no deeper. */
export function enterValue(scope: Scope, value: Shape, names: readonly string[]): Scope {
  const above = value === scope.context ? scope.above : scope;
  return { ...scope, context: value, above, locals: named(scope, names, [value]) };
}

/** Inside a partial, which sees what it is given and nothing above it. */
export function enterPartial(
  scope: Scope,
  context: Shape,
  given: Readonly<Record<string, Shape>>,
): Scope {
  const fields = context.type === "object" ? context.fields : {};
  const isExtended = Object.keys(given).length > 0 && context.type !== "any";
  const extended: Shape = isExtended
    ? { type: "object", fields: { ...fields, ...given } }
    : context;
  return { context: extended, above: null, locals: new Map(), frame: scope.frame };
}

function named(
  scope: Scope,
  names: readonly string[],
  shapes: readonly Shape[],
): ReadonlyMap<string, Shape> {
  return new Map([
    ...scope.locals,
    ...names.map((name, index) => [name, shapes[index] ?? ANY] as const),
  ]);
}

/** The shape of what a path leads to, or a sentence about why it leads nowhere. */
export function lookUp(scope: Scope, path: hbs.AST.PathExpression): Shape | string {
  const { parts, depth, data, original } = path;
  const [first, ...rest] = parts;
  if (data) {
    const frame = ascend(scope.frame, depth);
    const start = first === undefined ? undefined : frame?.names.get(first);
    if (first !== undefined && start !== undefined) return follow(start, rest, [`@${first}`]);
    const meant = suggest(String(first), frame?.names.keys() ?? []);
    return `There is no "${original}" here.${meant === undefined ? "" : ` Did you mean "@${meant}"?`}`;
  }
  const isLocal = first !== undefined && depth === 0 && !isScoped(path);
  const local = isLocal ? scope.locals.get(first) : undefined;
  if (first !== undefined && local !== undefined) return follow(local, rest, [first]);
  const at = ascend(scope, depth);
  if (at === null) return `There is nothing above this: "${original}" leads out of it.`;
  const found = follow(at.context, parts, [], "../".repeat(depth));
  if (typeof found !== "string" || depth > 0 || at.context === FACTS_SHAPE) return found;
  return typeof follow(FACTS_SHAPE, parts, []) === "string"
    ? found
    : `There is no "${original}" inside this block. For the event's own, write "@root.${parts.join(".")}".`;
}

function ascend<T extends { readonly above: T | null }>(from: T, depth: number): T | null {
  let at: T | null = from;
  for (let passed = 0; passed < depth && at !== null; passed++) at = at.above;
  return at;
}

/** Whether a path says itself that it begins at the context: `this.name`, `./name`. */
export function isScoped(path: hbs.AST.PathExpression): boolean {
  return /^\.|this\b/.test(path.original);
}

/** The shape behind names, or a sentence about the first that is not there; `begun` is what was said before them. */
export function follow(
  start: Shape,
  names: readonly string[],
  begun: readonly string[],
  prefix = "",
): Shape | string {
  let at = start;
  for (const [index, name] of names.entries()) {
    const next = member(at, name);
    const path = (last: string) => prefix + [...begun, ...names.slice(0, index), last].join(".");
    if (next === undefined) return missing(at, path, name);
    at = next;
  }
  return at;
}

/** Handlebars, unlike `match`, does not look through the elements of a list. */
function member(shape: Shape, name: string): Shape | undefined {
  if (shape.type !== "list") return shapeAt(shape, [name]);
  if (name === "length") return { type: "number" };
  return /^\d+$/.test(name) ? shape.of : undefined;
}

function missing(shape: Shape, path: (last: string) => string, name: string): string {
  const whole = path(name);
  const holder = whole.slice(0, Math.max(0, whole.length - name.length - 1));
  if (shape.type === "object") {
    const names = Object.keys(shape.fields);
    const meant = suggest(name, names);
    if (meant !== undefined) return `There is no "${whole}". Did you mean "${path(meant)}"?`;
    const start = holder === "" ? "Paths here begin with" : `"${holder}" has`;
    return `There is no "${whole}". ${start} ${names.join(", ")}.`;
  }
  const all = holder === "" ? "this" : holder;
  const inside =
    shape.type === "list" ? `Go through it with {{#each ${all}}}.` : "Nothing is inside it.";
  return `There is no "${whole}": "${all}" is ${describe(shape)}. ${inside}`;
}

/** A shape in words. */
export function describe(shape: Shape): string {
  switch (shape.type) {
    case "string":
      return shape.time === true ? "a time" : "text";
    case "number":
      return "a number";
    case "boolean":
      return "true or false";
    case "list":
      return "a list";
    case "object":
      return "an object";
    case "any":
      return "anything";
  }
}
