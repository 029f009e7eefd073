import { type Refusal, refusing } from "./decide.ts";
import type { Expectation, Miss } from "./miss.ts";
import type { RouteNode } from "./route.ts";

/** What the routes of a config can say of any event; kept once, so that what they said of an event only points into it. */
export interface Rulebook {
  /** Every route that sends, in the order in which events are held against them. */
  readonly routes: readonly RouteTerms[];
}

/** A route, and what its misses can say was expected. */
export interface RouteTerms {
  readonly name: string;
  /** In the order in which they are asked, those of the groups around it first; no two are the same. */
  readonly expectations: readonly Expectation[];
}

/** What the routes of a rulebook said of one event. */
export interface Verdicts {
  readonly rulebook: Rulebook;
  /** Routes that are in none of them took the event. */
  readonly refusals: readonly Refusal[];
}

/** What one route said of an event, as people read it. */
export interface RouteVerdict {
  readonly name: string;
  readonly matched: boolean;
  /** The first condition that failed. */
  readonly failed?: Miss;
}

/** The verdicts of routes, each with the name of its route; none where no route was asked. */
export function verdictsOf(verdicts: Verdicts | null): readonly RouteVerdict[] {
  if (verdicts === null) return [];
  const misses = new Map<number, Miss>();
  for (const refusal of verdicts.refusals)
    for (const route of refusing(refusal)) misses.set(route, refusal.failed);
  return verdicts.rulebook.routes.map(({ name }, route) => {
    const failed = misses.get(route);
    return failed === undefined ? { name, matched: true } : { name, matched: false, failed };
  });
}

/** The rulebook of routes: one and the same for the same list. */
export function rulebookOf(routes: readonly RouteNode[]): Rulebook {
  const known = rulebooks.get(routes);
  if (known !== undefined) return known;
  const made = { routes: termsOf(routes, []) };
  rulebooks.set(routes, made);
  return made;
}

const rulebooks = new WeakMap<readonly RouteNode[], Rulebook>();

function termsOf(routes: readonly RouteNode[], around: readonly Expectation[]): RouteTerms[] {
  return routes.flatMap((node) => {
    const all = [...around, ...node.match.expectations, ...(node.when?.expectations ?? [])];
    const asked = all.filter((one, index) => all.findIndex(isSame(one)) === index);
    if ("routes" in node) return termsOf(node.routes, asked);
    return [{ name: node.name, expectations: asked }];
  });
}

/** Whether what was expected is the same as another. */
function isSame(one: Expectation): (other: Expectation) => boolean {
  return (other) => other.path === one.path && other.expected === one.expected;
}
