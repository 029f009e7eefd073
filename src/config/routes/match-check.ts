import { matcher } from "../../core/match.ts";
import { FACTS_SHAPE, type Shape, shapeAt } from "../../core/shape.ts";
import type { Facts } from "../../core/facts.ts";
import type { Scalar } from "../../core/json.ts";
import { didYouMean } from "../../core/suggest.ts";
import { meantBesideMatch } from "../yaml/beginner.ts";
import { fieldsOf, pathFlaw } from "./fact-path.ts";
import { doubt, type Flaw, flaw } from "../yaml/flaw.ts";
import { nameList } from "../yaml/name-list.ts";
import { entriesOf, type Path } from "../yaml/path.ts";

/** What events there can be, as far as the config tells. */
export interface Known {
  /** The names under `sources`. */
  readonly sources: readonly string[];
  /** The types of those sources. */
  readonly sourceTypes: readonly string[];
  /** The event types that those sources are known to send; they may send others too. */
  readonly eventTypes: readonly string[];
  /** How a scalar is written in the file; what is shown of a value. */
  shown(path: Path, value: unknown): string;
}

/** Holds the paths and values of a route's `match` against the shape of events; what is no condition is passed over. */
export function matchFlaws(match: unknown, path: Path, known: Known): Flaw[] {
  return entriesOf(match).flatMap(([key, condition]) => {
    const at = [...path, key];
    if (key === "not") return notFlaws(condition, at, known);
    if (key === "any") {
      const branches: readonly unknown[] = Array.isArray(condition) ? condition : [];
      return branches.flatMap((branch, index) => matchFlaws(branch, [...at, index], known));
    }
    return pathFlaws(key, condition, at, known);
  });
}

function notFlaws(condition: unknown, at: Path, known: Known): Flaw[] {
  const isEmpty =
    typeof condition === "object" && condition !== null && entriesOf(condition).length === 0;
  if (isEmpty && !Array.isArray(condition))
    return [
      flaw(at, "An empty `not` takes no event at all. Write into it what must not hold.", "key"),
    ];
  return matchFlaws(condition, at, known);
}

function pathFlaws(key: string, condition: unknown, at: Path, known: Known): Flaw[] {
  const wrong = pathFlaw(key);
  if (wrong !== undefined) return [flaw(at, meantBesideMatch(key) ?? wrong, "key")];
  let shape: Shape | undefined = shapeAt(FACTS_SHAPE, key.split("."));
  while (shape?.type === "list") shape = shape.of;
  if (shape === undefined || shape.type === "any") return [];
  const leaf = shape;
  return leavesOf(condition, at).flatMap((given) => leafFlaws(given, key, leaf, known));
}

/** One value that a condition compares with. */
interface Leaf {
  readonly path: Path;
  readonly value: unknown;
  /** Which test it belongs to; `is` for a plain value. */
  readonly test: string;
}

function leavesOf(condition: unknown, path: Path, test = "is"): Leaf[] {
  if (Array.isArray(condition))
    return condition.map((value: unknown, index) => ({ path: [...path, index], value, test }));
  if (typeof condition !== "object" || condition === null)
    return [{ path, value: condition, test }];
  return entriesOf(condition).flatMap(([name, value]) => leavesOf(value, [...path, name], name));
}

function leafFlaws(leaf: Leaf, key: string, shape: Shape, known: Known): Flaw[] {
  if (leaf.test === "exists" || leaf.value === null || typeof leaf.value === "object") return [];
  if (shape.type === "object") return [objectFlaw(leaf, key, shape)];
  const wrongType = typeSentence(leaf, key, shape, known);
  if (wrongType !== undefined) return [flaw(leaf.path, wrongType)];
  if (typeof leaf.value !== "string" || (leaf.test !== "is" && leaf.test !== "not")) return [];
  if (key === "event") return eventFlaws(leaf.value, leaf, known);
  const values = valuesOf(key, shape, known);
  return values === undefined || fits(leaf.value, values)
    ? []
    : [valueFlaw(leaf, key, values, known)];
}

function objectFlaw(leaf: Leaf, key: string, shape: Shape): Flaw {
  const [first] = fieldsOf(shape);
  return flaw(
    leaf.path,
    `"${key}" is not a single value. Name one in it, such as "${key}.${first}", or use \`exists\`.`,
  );
}

function typeSentence(leaf: Leaf, key: string, shape: Shape, known: Known): string | undefined {
  if (typeof leaf.value === shape.type) return undefined;
  const shown = known.shown(leaf.path, leaf.value);
  if (shape.type === "string") return `"${key}" is text. Put the value in quotes: "${shown}".`;
  const hint = /^-?\d+(?:\.\d+)?$/.test(shown) ? ` Write ${shown} without quotes.` : "";
  if (shape.type === "number") return `"${key}" is a number, and is never equal to a text.${hint}`;
  return `"${key}" is \`true\` or \`false\`.`;
}

/** The values that a path can have, where they are known. */
function valuesOf(key: string, shape: Shape, known: Known): readonly string[] | undefined {
  if (key === "source.name") return known.sources;
  if (key === "source.type") return known.sourceTypes;
  return shape.type === "string" ? shape.values : undefined;
}

/** Whether any of the values fits what the condition says, `*` included. */
function fits(pattern: string, values: readonly string[]): boolean {
  const holds = matcher({ event: pattern });
  return values.some((event) => holds({ event } as Facts) === undefined);
}

function valueFlaw(leaf: Leaf, key: string, values: readonly string[], known: Known): Flaw {
  const shown = known.shown(leaf.path, leaf.value);
  const families = values.map((value) => value.replace(/\..*/, ".*"));
  const meant = didYouMean(shown, shown.includes("*") ? families : values);
  const choice = values.length === 0 ? "" : ` It can be ${nameList(values, "or")}.`;
  return flaw(leaf.path, `"${key}" is never "${shown}".${meant === "" ? choice : meant}`);
}

/** Vendors send more types than are known here, so only what looks like a slip of the pen is told. */
function eventFlaws(text: string, leaf: Leaf, known: Known): Flaw[] {
  if (text.includes("*") || known.eventTypes.includes(text)) return [];
  const near = known.eventTypes.find((type) => isSlip(text, type));
  if (near === undefined) return [];
  const shown = known.shown(leaf.path, text);
  return [doubt(leaf.path, `No source here is known to send "${shown}". Did you mean "${near}"?`)];
}

/** Whether a type differs from a known one by a slip in one of its words. */
function isSlip(text: string, type: string): boolean {
  const [words, known] = [text.split(/[._]/), type.split(/[._]/)];
  if (words.length !== known.length) return false;
  const different = words.filter((word, index) => word !== known[index]);
  return (
    different.length === 1 &&
    words.every((word, index) => didYouMean(word, [known[index] ?? ""]) !== "")
  );
}

/** The conditions that a route's `match` sets on where an event comes from, read leniently. */
export function takesFrom(
  match: unknown,
  source: { readonly name: string; readonly type: string },
): boolean {
  const about = entriesOf(match).filter(([key]) => key === "source.name" || key === "source.type");
  const asked = about.filter(([, condition]) => isCondition(condition));
  return (
    matcher(Object.fromEntries(asked) as Record<string, Scalar>)({ source } as Facts) === undefined
  );
}

function isCondition(condition: unknown): boolean {
  return typeof condition === "string" || Array.isArray(condition);
}
