import { FACTS_SHAPE, shapeAt } from "../../core/shape.ts";
import type { Path } from "./path.ts";
import { isListOfRoutes } from "./route-path.ts";

/** What other languages call the tests of a condition. */
const OTHER_TESTS: ReadonlyMap<string, string> = new Map([
  [">", "gt"],
  [">=", "gte"],
  ["min", "gte"],
  ["<", "lt"],
  ["<=", "lte"],
  ["max", "lte"],
  ["!=", "not"],
  ["ne", "not"],
  ["neq", "not"],
]);

const PLAIN_VALUE: ReadonlySet<string> = new Set(["=", "==", "eq", "is", "equals"]);
const ANY_OF: ReadonlySet<string> = new Set(["in", "one_of", "oneOf"]);

/** What somebody meant who wrote an unknown test into the condition at a path; `undefined` where it is not known. */
export function meantByTest(path: Path, key: string): string | undefined {
  const fact = String(path.at(-1));
  if (shapeAt(FACTS_SHAPE, [...fact.split("."), ...key.split(".")]) !== undefined)
    return `A condition has no "${key}" inside it. Write it as one key: \`${fact}.${key}: …\`.`;
  const test = OTHER_TESTS.get(key);
  if (test !== undefined) return `A condition has no "${key}". Write \`${test}\` instead.`;
  if (PLAIN_VALUE.has(key))
    return `A condition has no "${key}". Write the plain value: \`${fact}: …\`.`;
  if (ANY_OF.has(key))
    return `A condition has no "${key}". Write the list itself: \`${fact}: […]\`.`;
  return undefined;
}

const ROUTE_KEYS: ReadonlySet<string> = new Set([
  "name",
  "when",
  "send",
  "template",
  "stop",
  "routes",
]);

/** What somebody meant who wrote a route's own key into its `match`; `undefined` for any other key. */
export function meantBesideMatch(key: string): string | undefined {
  if (!ROUTE_KEYS.has(key)) return undefined;
  return `\`${key}\` is no condition. Move it left, so that it stands beside \`match\`.`;
}

/** What somebody meant who wrote something of another kind, as a sentence with its leading space; else empty. */
export function meantByKind(path: Path, given: unknown): string {
  const isGroup = typeof given === "object" && given !== null && !Array.isArray(given);
  if (isListOfRoutes(path) && isGroup)
    return " Begin each route with `- ` and leave its name away, or write `name:` inside it.";
  if (path.at(-1) === "match" && Array.isArray(given))
    return " Where one of several must hold, write them as a list under `any:`.";
  return "";
}

/** How to write several names that stand in one text; empty when it is one name. */
export function asList(text: string): string {
  const names = text.split(/[\s,;]+/).filter((name) => name !== "");
  return names.length < 2 ? "" : ` For several, write a list: [${names.join(", ")}].`;
}
