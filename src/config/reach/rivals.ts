import type { Condition } from "../../core/condition.ts";
import type { Scalar } from "../../core/json.ts";
import type { Demand, Demands } from "./demands.ts";
import { isChangeRoot, possibleAt } from "./possible.ts";
import type { RouteReach } from "./route-reach.ts";

/**
 * Routes by the one value that they want at a path, which tells most routes of a large config apart: a route is held
 * against those that want what it wants itself, and not against every one before it.
 */
export class Rivals {
  readonly #others: Placed[] = [];
  readonly #byWish = new Map<string, Placed[]>();
  #count = 0;

  add(reach: RouteReach): void {
    const wish = wishOf(reach);
    const placed = { reach, place: this.#count++ };
    const known = wish === undefined ? this.#others : this.#byWish.get(wish);
    if (known !== undefined) known.push(placed);
    else if (wish !== undefined) this.#byWish.set(wish, [placed]);
  }

  /** Those that may take every event of a route, in the order in which they were added. */
  of({ demands }: RouteReach): readonly RouteReach[] {
    const alike = [...wishes(demands)].flatMap((wish) => this.#byWish.get(wish) ?? []);
    if (alike.length === 0) return this.#others.map(({ reach }) => reach);
    const all = [...this.#others, ...alike];
    return all.toSorted((a, b) => a.place - b.place).map(({ reach }) => reach);
  }
}

interface Placed {
  readonly reach: RouteReach;
  readonly place: number;
}

/** A value that a route wants, and that no event has by itself: no route can be told to want it unless it says so. */
function wishOf({ demands, taken }: RouteReach): string | undefined {
  for (const { fact, root, condition } of demands.groups.flat()) {
    if (isChangeRoot(root)) continue;
    const [value, ...others] = literals(condition);
    if (value === undefined || others.length > 0) continue;
    if (typeof value === "string" && value.includes("*")) continue;
    if (taken.every((sort) => possibleAt(fact, sort).values === null)) return keyOf(fact, value);
  }
  return undefined;
}

/** All that a route wants in one of its ways, of several values at one path the first: with it the others are wanted too. */
function wishes({ groups, anys }: Demands): ReadonlySet<string> {
  const own = groups.flat().flatMap((demand) => firstWish(demand));
  const branches = anys.flatMap((any) => any.branches.flatMap((one) => [...wishes(one)]));
  return new Set([...own, ...branches]);
}

function firstWish({ fact, condition }: Demand): string[] {
  const [value] = literals(condition);
  return value === undefined ? [] : [keyOf(fact, value)];
}

/** The values that a condition lists; none for tests. */
function literals(condition: Condition): readonly Scalar[] {
  if (Array.isArray(condition)) return condition;
  return typeof condition === "object" && condition !== null ? [] : [condition];
}

function keyOf(fact: string, value: Scalar): string {
  return JSON.stringify([fact, value]);
}
