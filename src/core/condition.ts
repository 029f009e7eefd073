import type { Scalar } from "./json.ts";

/** What the value at a path must be: one of these, or what the tests say. */
export type Condition = Scalar | readonly Scalar[] | Tests;

/** Tests that must all hold; texts in `not` may hold `*`. */
export interface Tests {
  readonly gt?: number | string;
  readonly gte?: number | string;
  readonly lt?: number | string;
  readonly lte?: number | string;
  readonly not?: Scalar | readonly Scalar[];
  readonly exists?: boolean;
}

/** A condition made ready for values. */
export interface Test {
  /** What it asks, as a miss says it. */
  readonly expected: string;
  holds(value: unknown): boolean;
}

/** Makes a condition ready for values. */
export function test(condition: Condition): Test {
  if (Array.isArray(condition)) return oneOf(condition);
  if (typeof condition !== "object" || condition === null) return oneOf([condition]);
  return allOf(condition as Tests);
}

function oneOf(values: readonly Scalar[]): Test {
  const tests = values.map(equals);
  const [only = () => false, ...others] = tests;
  return {
    expected: values.length === 1 ? show(values[0]) : `one of ${values.map(show).join(", ")}`,
    holds: others.length === 0 ? only : (value) => tests.some((holds) => holds(value)),
  };
}

function equals(wanted: Scalar): (value: unknown) => boolean {
  if (wanted === null) return (value) => value === null || value === undefined;
  if (typeof wanted !== "string" || !wanted.includes("*")) return (value) => value === wanted;
  const pattern = glob(wanted);
  return (value) => typeof value === "string" && pattern(value);
}

/** Whether a text fits a pattern in which `*` stands for any run of characters; linear, never backtracking far. */
function glob(pattern: string): (text: string) => boolean {
  const [head = "", ...rest] = pattern.split("*");
  const tail = rest.pop() ?? "";
  return (text) => {
    if (text.length < head.length + tail.length) return false;
    if (!text.startsWith(head) || !text.endsWith(tail)) return false;
    let from = head.length;
    for (const part of rest) {
      const at = text.indexOf(part, from);
      if (at === -1) return false;
      from = at + part.length;
    }
    return from <= text.length - tail.length;
  };
}

function allOf(tests: Tests): Test {
  const parts: Test[] = [];
  const compare = (
    word: string,
    bound: number | string | undefined,
    holds: (sign: number) => boolean,
  ) => {
    if (bound === undefined) return;
    parts.push({
      expected: `${word} ${show(bound)}`,
      holds: (value) => ordered(value, bound, holds),
    });
  };
  compare("more than", tests.gt, (sign) => sign > 0);
  compare("at least", tests.gte, (sign) => sign >= 0);
  compare("less than", tests.lt, (sign) => sign < 0);
  compare("at most", tests.lte, (sign) => sign <= 0);
  if (tests.not !== undefined) {
    const unwanted = oneOf(Array.isArray(tests.not) ? tests.not : [tests.not as Scalar]);
    parts.push({ expected: `not ${unwanted.expected}`, holds: (value) => !unwanted.holds(value) });
  }
  if (tests.exists !== undefined) {
    const wanted = tests.exists;
    parts.push({
      expected: wanted ? "present" : "absent",
      holds: (value) => (value !== null && value !== undefined) === wanted,
    });
  }
  return {
    expected: parts.map((part) => part.expected).join(" and "),
    holds: (value) => parts.every((part) => part.holds(value)),
  };
}

/** Numbers are compared as numbers, texts (times, for instance) as texts; anything else never holds. */
function ordered(
  value: unknown,
  bound: number | string,
  holds: (sign: number) => boolean,
): boolean {
  if (typeof value === "number" && typeof bound === "number") return holds(value - bound);
  if (typeof value === "string" && typeof bound === "string")
    return holds(value < bound ? -1 : value > bound ? 1 : 0);
  return false;
}

/** A value as `explain` prints it: text in quotes, absence as `nothing`, an object as `an object`. */
export function show(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (typeof value === "object") return "an object";
  return JSON.stringify(value);
}
