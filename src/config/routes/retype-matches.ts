import { FACTS_SHAPE, shapeAt } from "../../core/shape.ts";
import { entriesOf, type Path, valueAt } from "../yaml/path.ts";
import { typedScalar } from "../yaml/repair.ts";
import { writtenRoutes } from "./written-routes.ts";
import type { YamlValues } from "../yaml/values.ts";

/** The config's values, in which a `${LIMIT}` without quotes is a number where a route compares one with a number. */
export function retypeMatches(values: YamlValues): unknown {
  const value: unknown = structuredClone(values.value);
  for (const { path } of writtenRoutes(value)) retypeMatch(value, [...path, "match"], values);
  return value;
}

function retypeMatch(root: unknown, path: Path, values: YamlValues): void {
  for (const [key, condition] of entriesOf(valueAt(root, path))) {
    const at = [...path, key];
    if (key === "not") retypeMatch(root, at, values);
    else if (key === "any" && Array.isArray(condition))
      for (const index of condition.keys()) retypeMatch(root, [...at, index], values);
    else if (shapeAt(FACTS_SHAPE, key.split("."))?.type === "number") retype(root, at, values);
  }
}

function retype(root: unknown, path: Path, values: YamlValues): void {
  const value = valueAt(root, path);
  if (typeof value === "object" && value !== null) {
    const keys: Iterable<string | number> = Array.isArray(value)
      ? value.keys()
      : Object.keys(value);
    for (const key of keys) retype(root, [...path, key], values);
    return;
  }
  const note = values.scalarAt(path);
  if (typeof value !== "string" || !note?.isPlain || note.interpolated === null) return;
  const number = typedScalar(value, "number");
  const parent = valueAt(root, path.slice(0, -1)) as Record<string | number, unknown>;
  if (number !== undefined) parent[path.at(-1) ?? ""] = number;
}
