import { type Condition, show, type Test, test } from "./condition.ts";
import type { Facts } from "./facts.ts";
import type { Expectation, Miss } from "./miss.ts";
import { own, type PathCondition, pathTree } from "./path-tree.ts";

/** A route's conditions as the config writes them: paths to tests, and `any` and `not` to combine. */
export interface Match {
  readonly any?: readonly Match[];
  readonly not?: Match;
  readonly [path: string]: Condition | readonly Match[] | Match | undefined;
}

/** What is known of one event by now, so that what many routes ask is asked once. */
export class Asked {
  /** What parts of matches said; `null` where all of a part holds. */
  readonly misses = new Map<object, Miss | null>();
  /** What is at the ends of paths. */
  readonly found = new Map<string, Found>();
}

/** A match made ready for events: the first condition that fails, or `undefined` when all hold. */
export interface Matcher {
  (facts: Facts, asked?: Asked): Miss | undefined;
  /** What a miss can say was expected, as far as that is known before there is an event. */
  readonly expectations: readonly Expectation[];
  /** What is asked first: one and the same for matches made together that ask the same first. */
  readonly first?: Asking | undefined;
}

/** A part of a match: what it asks of an event, whose answer is kept in `asked` where others ask it too. */
export interface Asking {
  missOf(facts: Facts, asked: Asked): Miss | undefined;
}

/**
 * Makes a match ready for events; several are one, of which all conditions must hold.
 * A path through a list holds if one element satisfies all conditions that share that list.
 */
export function matcher(...matches: readonly Match[]): Matcher {
  return matchers()(...matches);
}

/** Makes matches ready that share what they have in common: `matcher`, for all routes of a config. */
export function matchers(): typeof matcher {
  const shared: Shared = new Map();
  return (...matches) => {
    const parts = partsOf(matches, shared);
    const missOf = (facts: Facts, asked?: Asked) => firstMiss(parts, facts, asked);
    return Object.assign(missOf, {
      expectations: parts.flatMap((part) => part.expectations),
      first: parts[0],
    });
  };
}

type Evaluate = (root: unknown, asked: Asked) => Miss | undefined;

/** What a match asks of one key of the facts, or of one `any` or `not`: no part depends on another. */
interface Part {
  readonly evaluate: Evaluate;
  readonly expectations: readonly Expectation[];
}

/** A part that several matches may ask. */
class Shareable implements Part {
  isShared = false;
  readonly evaluate: Evaluate;
  readonly expectations: readonly Expectation[];

  constructor({ evaluate, expectations }: Part) {
    this.evaluate = evaluate;
    this.expectations = expectations;
  }

  missOf(root: unknown, asked: Asked): Miss | undefined {
    if (!this.isShared) return this.evaluate(root, asked);
    let miss = asked.misses.get(this);
    if (miss === undefined) {
      miss = this.evaluate(root, asked) ?? null;
      asked.misses.set(this, miss);
    }
    return miss ?? undefined;
  }
}

/** Parts by what they ask. */
type Shared = Map<string, Shareable>;

function firstMiss(
  parts: readonly Shareable[],
  root: unknown,
  asked: Asked = new Asked(),
): Miss | undefined {
  for (const part of parts) {
    const miss = part.missOf(root, asked);
    if (miss !== undefined) return miss;
  }
  return undefined;
}

function partsOf(matches: readonly Match[], shared: Shared): readonly Shareable[] {
  const conditions = new Map<string, PathCondition[]>();
  const combined: Shareable[] = [];
  const share = (asks: unknown, make: () => Part): Shareable => {
    const key = JSON.stringify(asks, unfinite);
    const known = shared.get(key);
    const part = known ?? new Shareable(make());
    part.isShared = known !== undefined;
    shared.set(key, part);
    return part;
  };
  for (const [path, condition] of matches.flatMap((match) => Object.entries(match))) {
    if (condition === undefined) continue;
    if (path === "any" || path === "not") {
      const make = () =>
        path === "any"
          ? anyOf(condition as readonly Match[], shared)
          : noneOf(condition as Match, shared);
      combined.push(share([path, condition], make));
      continue;
    }
    const [first = ""] = path.split(".", 1);
    const others = conditions.get(first) ?? [];
    others.push([path, condition as Condition]);
    conditions.set(first, others);
  }
  const plain = [...conditions.values()].map((asks) => share(["all", asks], () => allAt(asks)));
  return [...plain, ...combined];
}

/** JSON has no words for numbers that are not finite, which YAML can write; nor has a condition a key like this. */
function unfinite(_key: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? { "": String(value) } : value;
}

/** Conditions on paths that begin with the same key. */
function allAt(conditions: readonly PathCondition[]): Part {
  const tree = pathTree(conditions);
  const evaluate: Evaluate = (root) => tree.missOf(root);
  const [only, ...others] = conditions;
  const isOne = only !== undefined && others.length === 0;
  return {
    evaluate: isOne ? oneAt(only[0], test(only[1]), evaluate) : evaluate,
    expectations: tree.expectations,
  };
}

/** One condition, as most parts are: asked of what is at the end of its path, unless there is a list on the way. */
function oneAt(path: string, one: Test, ofLists: Evaluate): Evaluate {
  const names = path.split(".");
  return (root, asked) => {
    let found = asked.found.get(path);
    if (found === undefined) asked.found.set(path, (found = find(root, names)));
    if (found.isInList) return ofLists(root, asked);
    if (one.holds(found.value)) return undefined;
    return { path, expected: one.expected, actual: (found.shown ??= show(found.value)) };
  };
}

/** What is at the end of a path. */
interface Found {
  readonly value: unknown;
  /** Whether it is a list, or in one. */
  readonly isInList: boolean;
  shown?: string;
}

function find(root: unknown, names: readonly string[]): Found {
  let value = root;
  for (const name of names) {
    value = own(value, name);
    if (Array.isArray(value)) return { value, isInList: true };
  }
  return { value, isInList: false };
}

function anyOf(matches: readonly Match[], shared: Shared): Part {
  const branches = matches.map((match) => partsOf([match], shared));
  const evaluate: Evaluate = (root, asked) => {
    const misses: Miss[] = [];
    for (const branch of branches) {
      const miss = firstMiss(branch, root, asked);
      if (miss === undefined) return undefined;
      misses.push(miss);
    }
    return {
      path: "any",
      expected: misses.map((miss) => `${miss.path} to be ${miss.expected}`).join(", or "),
      actual: misses.map((miss) => `${miss.path} ${miss.actual}`).join(", "),
    };
  };
  // Which of its conditions failed first is known only of an event.
  return { evaluate, expectations: [] };
}

function noneOf(match: Match, shared: Shared): Part {
  const branch = partsOf([match], shared);
  const missed = { path: "not", expected: "not to hold" };
  return {
    evaluate: (root, asked) =>
      firstMiss(branch, root, asked) === undefined ? { ...missed, actual: "it holds" } : undefined,
    expectations: [missed],
  };
}
