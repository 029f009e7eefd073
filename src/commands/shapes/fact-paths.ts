import type { Json } from "../../core/json.ts";
import { FACTS_SHAPE, type Shape } from "../../core/shape.ts";
import type { Facts } from "../../core/facts.ts";

/** A path that routes and templates can use, with what is there. */
export interface FactPath {
  readonly path: string;
  readonly type: FactType;
  /** All that a text can be, where that is known. */
  readonly values?: readonly string[];
  /** The first that the samples have there; `null` where they have none, and for what holds other paths. */
  readonly example: Json;
}

/** What is at a path; an `object` holds other paths, a `list` of objects is passed through by name. */
export type FactType = "text" | "time" | "number" | "yes or no" | "list" | "object" | "anything";

/**
 * Every path of the facts, what holds others before what it holds; behind a vendor's own data, those that the samples
 * have. `isMissing` tells of parts of the facts that never are there.
 */
export function factPaths(
  samples: readonly Facts[],
  isMissing: (path: string) => boolean,
): FactPath[] {
  return Object.entries(FACTS_SHAPE.fields).flatMap(([name, shape]) =>
    pathsBelow(name, shape, below(name, samples), isMissing),
  );
}

function pathsBelow(
  path: string,
  shape: Shape,
  values: readonly unknown[],
  isMissing: (path: string) => boolean,
): FactPath[] {
  if (isMissing(path)) return [];
  if (shape.type === "any") return pathsSeen(path, values);
  const inner = shape.type === "list" ? shape.of : shape;
  if (inner.type !== "object") return [leaf(path, shape, values)];
  const fields = Object.entries(inner.fields).flatMap(([name, field]) =>
    pathsBelow(`${path}.${name}`, field, below(name, values), isMissing),
  );
  return [{ path, type: shape.type === "list" ? "list" : "object", example: null }, ...fields];
}

function leaf(path: string, shape: Shape, values: readonly unknown[]): FactPath {
  const known = shape.type === "string" ? shape.values : undefined;
  return {
    path,
    type: typeOf(shape),
    ...(known === undefined ? {} : { values: known }),
    example: exampleOf(values),
  };
}

function typeOf(shape: Shape): FactType {
  if (shape.type === "string") return shape.time === true ? "time" : "text";
  if (shape.type === "boolean") return "yes or no";
  return shape.type === "any" ? "anything" : shape.type;
}

/** The paths behind one whose content is the vendor's or the user's own, as far as the samples have any. */
function pathsSeen(path: string, values: readonly unknown[]): FactPath[] {
  const objects = through(values).filter(isObject);
  const names = new Set(objects.flatMap((object) => Object.keys(object)));
  const example = exampleOf(through(values).filter((value) => !isObject(value)));
  if (names.size === 0) return [{ path, type: seenType(example), example }];
  const isList = values.some((value) => Array.isArray(value));
  return [
    { path, type: isList ? "list" : "object", example: null },
    ...[...names].flatMap((name) => pathsSeen(`${path}.${name}`, below(name, values))),
  ];
}

function seenType(example: Json): FactType {
  if (typeof example === "number") return "number";
  if (typeof example === "boolean") return "yes or no";
  if (typeof example === "string")
    return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(example) ? "time" : "text";
  return Array.isArray(example) ? "list" : "anything";
}

/** The values of a name in objects and in lists of objects; what is absent is left out. */
function below(name: string, values: readonly unknown[]): unknown[] {
  return through(values).flatMap((value) => {
    const found = isObject(value) && Object.hasOwn(value, name) ? value[name] : null;
    return found === null || found === undefined ? [] : [found];
  });
}

/** The elements of lists of objects in place of the lists. */
function through(values: readonly unknown[]): unknown[] {
  return values.flatMap((value) =>
    Array.isArray(value) && value.some(isObject) ? value : [value],
  );
}

function exampleOf(values: readonly unknown[]): Json {
  return (values.find((value) => !isEmptyList(value)) as Json | undefined) ?? null;
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
