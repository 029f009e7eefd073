import { FACTS_SHAPE, type Shape, shapeAt } from "../../core/shape.ts";
import { suggest } from "../../core/suggest.ts";
import { nameList } from "../yaml/name-list.ts";

/** What is wrong with a path into an event; `undefined` when events have it. */
export function pathFlaw(path: string): string | undefined {
  const steps = path.split(".");
  if (shapeAt(FACTS_SHAPE, steps) !== undefined) return undefined;
  const known = steps.findIndex(
    (_, index) => shapeAt(FACTS_SHAPE, steps.slice(0, index + 1)) === undefined,
  );
  const holder = steps.slice(0, known);
  const fields = fieldsOf(shapeAt(FACTS_SHAPE, holder));
  return `An event has no "${path}".${meant(steps, known, fields) ?? choice(holder, fields)}`;
}

/** The names below a shape, lists entered silently. */
export function fieldsOf(shape: Shape | undefined): string[] {
  if (shape?.type === "list") return fieldsOf(shape.of);
  return shape?.type === "object" ? Object.keys(shape.fields) : [];
}

/** The nearest path that events do have: the same with one name corrected, or a longer one with the same end. */
function meant(
  steps: readonly string[],
  wrong: number,
  fields: readonly string[],
): string | undefined {
  const name = suggest(steps[wrong] ?? "", fields);
  const corrected = name === undefined ? undefined : steps.with(wrong, name).join(".");
  const isRight = corrected !== undefined && shapeAt(FACTS_SHAPE, corrected.split("."));
  const path = isRight
    ? corrected
    : ALL_PATHS.find((known) => known.endsWith(`.${steps.join(".")}`));
  return path === undefined ? undefined : ` Did you mean "${path}"?`;
}

function choice(holder: readonly string[], fields: readonly string[]): string {
  if (fields.length === 0) return ` "${holder.join(".")}" is a single value.`;
  const where = holder.length === 0 ? "It" : `"${holder.join(".")}"`;
  return ` ${where} has ${nameList(fields, "and")}.`;
}

/** Every path that events have, the shortest first. */
const ALL_PATHS: readonly string[] = pathsBelow(FACTS_SHAPE, []).toSorted(
  (a, b) => a.split(".").length - b.split(".").length,
);

function pathsBelow(shape: Shape, path: readonly string[]): string[] {
  if (shape.type === "list") return pathsBelow(shape.of, path);
  const here = path.length === 0 ? [] : [path.join(".")];
  if (shape.type !== "object") return here;
  const inner = Object.entries(shape.fields);
  return [...here, ...inner.flatMap(([name, below]) => pathsBelow(below, [...path, name]))];
}
