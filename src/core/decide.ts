import type { Facts } from "./facts.ts";
import { Asked } from "./match.ts";
import type { Miss } from "./miss.ts";
import type { Route, RouteNode } from "./route.ts";
import { type Entry, type Plan, planOf } from "./route-plan.ts";
import { RouteSet } from "./route-set.ts";

/** One message to be sent: the first route that takes an event to a destination wins. */
export interface Send {
  readonly route: string;
  readonly destination: string;
  readonly template: string | null;
}

/** Why routes did not take an event. */
export interface Refusal {
  /** The first condition that failed. */
  readonly failed: Miss;
  /** The number of the route in `leavesOf`, or those of several, all of which expect this in the same place of their conditions. */
  readonly routes: number | RouteSet;
}

/** The numbers of the routes that refused an event for one reason. */
export function refusing({ routes }: Refusal): Iterable<number> {
  return typeof routes === "number" ? [routes] : routes;
}

/** What came of holding an event against the routes. */
export interface Decision {
  /** A route is in one of them, or took the event. */
  readonly refusals: readonly Refusal[];
  readonly sends: readonly Send[];
}

/** Holds an event against the routes in order; an event reaches one destination at most once. */
export function decide(routes: readonly RouteNode[], facts: Facts): Decision {
  const plan = planOf(routes);
  const search: Search = { facts, asked: new Asked(), refusals: [], sends: new Map(), ended: null };
  ask(plan, search);
  if (search.ended !== null && search.ended.from < plan.end) {
    const { failed, from } = search.ended;
    search.refusals.push({ failed, routes: RouteSet.range(from, plan.end) });
  }
  return { refusals: search.refusals, sends: [...search.sends.values()] };
}

/** A search under way. */
interface Search {
  readonly facts: Facts;
  readonly asked: Asked;
  readonly refusals: Refusal[];
  readonly sends: Map<string, Send>;
  /** Why no route from that number on takes the event: a `stop` ended the search. */
  ended: { readonly failed: Miss; readonly from: number } | null;
}

/** Asks routes from first to last; tells whether one of them took the event. */
function ask({ entries, gates, gateOf }: Plan, search: Search): boolean {
  const { facts, asked, refusals } = search;
  const shut = [...gates.map(({ first }) => first.missOf(facts, asked)), undefined];
  let isTaken = false;
  for (let at = 0; at < entries.length && search.ended === null; at += 1) {
    if (shut[gateOf[at] as number] !== undefined) continue;
    const entry = entries[at];
    if (entry === undefined || !lets(entry, search)) continue;
    isTaken = true;
    if (entry.node.stop) search.ended ??= { failed: endedBy(entry.node.name), from: entry.end };
  }
  const { ended } = search;
  gates.forEach(({ routes }, number) => {
    const failed = shut[number];
    if (failed === undefined) return;
    refusals.push({ failed, routes: ended === null ? routes : routes.before(ended.from) });
  });
  return isTaken;
}

/** Whether a route takes the event, or one of a group; what a group does not let in, none of its routes is asked about. */
function lets({ node, routes, within }: Entry, search: Search): boolean {
  const failed = node.match(search.facts, search.asked) ?? node.when?.(search.facts);
  if (failed !== undefined) {
    search.refusals.push({ failed, routes });
    return false;
  }
  if (within !== null) return ask(within, search);
  take(node, search);
  return true;
}

function endedBy(name: string): Miss {
  return { path: "stop", expected: "to be reached", actual: `"${name}" ended the search` };
}

function take(route: Route, { sends }: Search): void {
  for (const destination of route.send) {
    if (!sends.has(destination))
      sends.set(destination, { route: route.name, destination, template: route.template });
  }
}
