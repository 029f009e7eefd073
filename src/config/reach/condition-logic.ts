import type { Condition, Tests } from "../../core/condition.ts";
import { type Matcher, matcher } from "../../core/match.ts";
import type { Facts } from "../../core/facts.ts";
import type { Scalar } from "../../core/json.ts";
import type { Possible } from "./possible.ts";

/** Whether some value can meet all of the conditions at once; `true` wherever that cannot be told. */
export function canMeetAll(conditions: readonly Condition[], possible: Possible): boolean {
  const meetsAll = (value: unknown) => conditions.every((one) => holds(one, value));
  if (possible.values !== null) return possible.values.some(meetsAll);
  if (possible.canBeAbsent && meetsAll(undefined)) return true;
  for (const condition of conditions) {
    if (isTests(condition)) continue;
    const values = listed(condition).filter(
      (one) => one !== null && !possible.never.has(String(one)),
    );
    if (values.some((one) => isPattern(one) || meetsAll(one))) continue;
    return false;
  }
  return hasRoom(conditions.filter(isTests));
}

/** Whether every value that meets all the conditions meets the other one too; `false` wherever that cannot be told. */
export function implies(
  conditions: readonly Condition[],
  other: Condition,
  possible: Possible,
): boolean {
  if (possible.values !== null)
    return possible.values.every(
      (value) => !conditions.every((one) => holds(one, value)) || holds(other, value),
    );
  if (isAlways(other, possible)) return true;
  return conditions.some((one) => entails(one, other));
}

/** Whether a value meets a condition, as a route asks it. */
function holds(condition: Condition, value: unknown): boolean {
  const isGroup = typeof condition === "object" && condition !== null;
  const matches = isGroup ? groupMatcher(condition) : scalarMatcher(condition);
  return matches({ value } as unknown as Facts) === undefined;
}

function groupMatcher(condition: object & Condition): Matcher {
  const known = groups.get(condition);
  if (known !== undefined) return known;
  const made = matcher({ value: condition });
  groups.set(condition, made);
  return made;
}

function scalarMatcher(condition: Scalar): Matcher {
  const known = scalars.get(condition);
  if (known !== undefined) return known;
  const made = matcher({ value: condition });
  if (scalars.size >= MAX_SCALARS) scalars.clear();
  scalars.set(condition, made);
  return made;
}

/** Matchers are kept, since each condition is held against many others. */
const groups = new WeakMap<object, Matcher>();
const scalars = new Map<Scalar, Matcher>();

/** How many matchers of single values are kept; ours. */
const MAX_SCALARS = 10_000;

function isTests(condition: Condition): condition is Tests {
  return typeof condition === "object" && condition !== null && !Array.isArray(condition);
}

function listed(condition: Exclude<Condition, Tests>): readonly Scalar[] {
  return Array.isArray(condition) ? condition : [condition as Scalar];
}

function isPattern(value: Scalar): value is string {
  return typeof value === "string" && value.includes("*");
}

type Bound = number | string;

/** Whether there is room for a value between the bounds of all tests. */
function hasRoom(tests: readonly Tests[]): boolean {
  if (tests.some((one) => one.exists === false)) return false;
  const least = bounds(tests, "gte", "gt");
  const most = bounds(tests, "lte", "lt");
  for (const low of least) {
    for (const high of most) {
      if (typeof low.at !== typeof high.at || low.at > high.at) return false;
      if (low.at !== high.at) continue;
      const isRefused = tests.some((one) => unwantedBy(one).includes(low.at));
      if (low.isOpen || high.isOpen || isRefused) return false;
    }
  }
  const types = new Set([...least, ...most].map(({ at }) => typeof at));
  return (
    types.size < 2 && !tests.some((one) => unwantedBy(one).includes("*") && types.has("string"))
  );
}

function bounds(tests: readonly Tests[], closed: "gte" | "lte", open: "gt" | "lt") {
  return tests.flatMap((one) => [
    ...(one[closed] === undefined ? [] : [{ at: one[closed], isOpen: false }]),
    ...(one[open] === undefined ? [] : [{ at: one[open], isOpen: true }]),
  ]);
}

function unwantedBy({ not }: Tests): readonly Scalar[] {
  if (not === undefined) return [];
  return Array.isArray(not) ? not : [not as Scalar];
}

function isAlways(condition: Condition, possible: Possible): boolean {
  if (possible.canBeAbsent && !holds(condition, undefined)) return false;
  if (!isTests(condition)) return possible.type === "string" && listed(condition).includes("*");
  const { exists, not, ...bound } = condition;
  if (Object.keys(bound).length > 0 || exists === false) return false;
  return unwantedBy({ ...(not !== undefined && { not }) }).every(
    (one) => one === null || possible.never.has(String(one)),
  );
}

/** Whether one condition has the other follow, whatever the value. */
function entails(condition: Condition, other: Condition): boolean {
  if (JSON.stringify(condition) === JSON.stringify(other)) return true;
  if (isTests(condition))
    return isTests(other) && partsOf(other).every((part) => testsEntail(condition, part));
  return listed(condition).every((value) => {
    if (isPattern(value)) return patternEntails(value, other);
    return holds(other, value) && (value !== null || holds(other, undefined));
  });
}

/** Every text that fits the pattern meets the other condition: its `*` are only covered by those of the other. */
function patternEntails(pattern: string, other: Condition): boolean {
  if (!isTests(other))
    return listed(other).some(
      (one) => isPattern(one) && holds(one, pattern.replaceAll("*", STAND_IN)),
    );
  const { not, exists, ...bound } = other;
  if (Object.keys(bound).length > 0 || exists === false) return false;
  return unwantedBy({ ...(not !== undefined && { not }) }).every(
    (one) => one === null || (!isPattern(one) && !holds(pattern, one)),
  );
}

/** Stands for any run of characters: no pattern of a config has it. */
const STAND_IN = "\u{F0000}";

/** The tests of a condition, each by itself, and each value of `not` too. */
function partsOf(tests: Tests): readonly Tests[] {
  const { not: _, ...others } = tests;
  return [
    ...Object.entries(others).map(([name, value]): Tests => ({ [name]: value })),
    ...unwantedBy(tests).map((not): Tests => ({ not })),
  ];
}

/** `part` holds a single test. */
function testsEntail(tests: Tests, part: Tests): boolean {
  const isPresent = tests.exists === true || isBounded(tests) || unwantedBy(tests).includes(null);
  if (part.exists !== undefined) return part.exists ? isPresent : tests.exists === false;
  if (part.gt !== undefined) return isAtLeast(tests, part.gt, false);
  if (part.gte !== undefined) return isAtLeast(tests, part.gte, true);
  if (part.lt !== undefined) return isAtMost(tests, part.lt, false);
  if (part.lte !== undefined) return isAtMost(tests, part.lte, true);
  const unwanted = part.not as Scalar;
  if (unwanted === null) return isPresent;
  if (tests.exists === false) return true;
  if (unwantedBy(tests).some((one) => one !== null && holds(one, unwanted)))
    return !isPattern(unwanted) || unwantedBy(tests).includes(unwanted);
  const { not: _, exists: __, ...bound } = tests;
  return isBounded(tests) && !isPattern(unwanted) && !holds(bound, unwanted);
}

function isBounded({ gt, gte, lt, lte }: Tests): boolean {
  return [gt, gte, lt, lte].some((one) => one !== undefined);
}

function isAtLeast({ gt, gte }: Tests, bound: Bound, isClosed: boolean): boolean {
  return (
    (typeof gt === typeof bound && gt !== undefined && gt >= bound) ||
    (typeof gte === typeof bound && gte !== undefined && (isClosed ? gte >= bound : gte > bound))
  );
}

function isAtMost({ lt, lte }: Tests, bound: Bound, isClosed: boolean): boolean {
  return (
    (typeof lt === typeof bound && lt !== undefined && lt <= bound) ||
    (typeof lte === typeof bound && lte !== undefined && (isClosed ? lte <= bound : lte < bound))
  );
}
