import type { Asking } from "./match.ts";
import { leavesOf, type Route, type RouteGroup, type RouteNode } from "./route.ts";
import { RouteSet } from "./route-set.ts";

/** Routes in the order in which they are asked, prepared so that what many of them ask first is asked once for all. */
export interface Plan {
  readonly entries: readonly Entry[];
  readonly gates: readonly Gate[];
  /** Of each entry the number of its gate; how many there are, where it has none. */
  readonly gateOf: readonly number[];
  /** The number behind that of the last route. */
  readonly end: number;
}

/** A route, or a group with the plan of what is in it. */
export type Entry = RouteEntry | GroupEntry;

interface Numbered {
  /** The number behind that of its last route. */
  readonly end: number;
}

interface RouteEntry extends Numbered {
  readonly node: Route;
  readonly routes: number;
  readonly within: null;
}

interface GroupEntry extends Numbered {
  readonly node: RouteGroup;
  readonly routes: RouteSet;
  readonly within: Plan;
}

/** What several entries ask first, and the routes that miss the event when it does not hold. */
export interface Gate {
  readonly first: Asking;
  readonly routes: RouteSet;
}

/** The plan of routes: one and the same for the same list. */
export function planOf(routes: readonly RouteNode[]): Plan {
  const known = plans.get(routes);
  if (known !== undefined) return known;
  const made = planFrom(routes, 0);
  plans.set(routes, made);
  return made;
}

const plans = new WeakMap<readonly RouteNode[], Plan>();

function planFrom(nodes: readonly RouteNode[], start: number): Plan {
  const entries: Entry[] = [];
  let end = start;
  for (const node of nodes) {
    const entry = entryOf(node, end);
    entries.push(entry);
    end = entry.end;
  }
  const asking = Map.groupBy(entries, ({ node }) => node.match.first);
  const shared = [...asking].flatMap(([first, all]) =>
    first === undefined || all.length === 1 ? [] : [{ first, all }],
  );
  const numbers = new Map<Asking | undefined, number>(
    shared.map(({ first }, number) => [first, number]),
  );
  return {
    entries,
    gates: shared.map(({ first, all }) => ({ first, routes: routesOf(all, end) })),
    gateOf: entries.map(({ node: { match } }) => numbers.get(match.first) ?? shared.length),
    end,
  };
}

function entryOf(node: RouteNode, start: number): Entry {
  if (!("routes" in node)) return { node, routes: start, within: null, end: start + 1 };
  const end = start + leavesOf(node.routes).length;
  return {
    node,
    routes: RouteSet.range(start, end),
    within: planFrom(node.routes, start),
    end,
  };
}

function routesOf(entries: readonly Entry[], end: number): RouteSet {
  const set = RouteSet.empty(end);
  for (const { routes } of entries)
    if (typeof routes === "number") set.add(routes);
    else set.addAll(routes);
  return set;
}
