import type { Facts } from "./facts.ts";
import { Asked, type Matcher, type Miss } from "./match.ts";

/** A rule of the config, ready for events: which events go where, and how. */
export interface Route {
  readonly name: string;
  /** Its own conditions and those of all groups around it, as one match. */
  readonly match: Matcher;
  /** Its own CEL condition, if it has one; an evaluation error is a miss. */
  readonly when: Matcher | null;
  /** Names of destinations. */
  readonly send: readonly string[];
  /** The template named by the route, else `null` for the event's own or the default. */
  readonly template: string | null;
  /** Whether a match ends the search. */
  readonly stop: boolean;
}

/** Routes that share conditions: they are asked only about events that the group lets in. */
export interface RouteGroup extends Pick<Route, "name" | "match" | "when"> {
  /** From first to last; at least one. */
  readonly routes: readonly RouteNode[];
  /** Whether the search ends behind the group when one of its routes took the event. */
  readonly stop: boolean;
}

/** One entry of a tree of routes. */
export type RouteNode = Route | RouteGroup;

/** What a route said of an event; kept with the event, so that `explain` can tell why. */
export interface RouteVerdict {
  readonly name: string;
  readonly matched: boolean;
  /** The first condition that failed; one object for all routes of a group that did not let the event in. */
  readonly failed?: Miss;
}

/** One message to be sent: the first route that takes an event to a destination wins. */
export interface Send {
  readonly route: string;
  readonly destination: string;
  readonly template: string | null;
}

/** What came of holding an event against the routes; groups themselves have no verdict. */
export interface Decision {
  readonly routes: readonly RouteVerdict[];
  readonly sends: readonly Send[];
}

/** Holds an event against the routes in order; an event reaches one destination at most once. */
export function decide(routes: readonly RouteNode[], facts: Facts): Decision {
  const search: Search = { facts, asked: new Asked(), verdicts: [], sends: new Map(), ended: null };
  ask(routes, search);
  return { routes: search.verdicts, sends: [...search.sends.values()] };
}

/** The routes that send, groups left out, in the order in which events are held against them. */
export function leavesOf(routes: readonly RouteNode[]): readonly Route[] {
  return routes.flatMap((node) => ("routes" in node ? leavesOf(node.routes) : [node]));
}

/** A search under way. */
interface Search {
  readonly facts: Facts;
  readonly asked: Asked;
  readonly verdicts: RouteVerdict[];
  readonly sends: Map<string, Send>;
  /** Why no further route takes the event: a `stop` ended the search. */
  ended: Miss | null;
}

/** Asks routes from first to last; tells whether one of them took the event. */
function ask(routes: readonly RouteNode[], search: Search): boolean {
  let isTaken = false;
  for (const node of routes) {
    const failed = missOf(node, search);
    if (failed !== undefined) {
      refuse(node, failed, search.verdicts);
      continue;
    }
    const took = "routes" in node ? ask(node.routes, search) : take(node, search);
    if (!took) continue;
    isTaken = true;
    if (node.stop) search.ended ??= endedBy(node.name);
  }
  return isTaken;
}

function missOf(node: RouteNode, { facts, asked, ended }: Search): Miss | undefined {
  return ended ?? node.match(facts, asked) ?? node.when?.(facts);
}

function endedBy(name: string): Miss {
  return { path: "stop", expected: "to be reached", actual: `"${name}" ended the search` };
}

function take(route: Route, { verdicts, sends }: Search): true {
  verdicts.push({ name: route.name, matched: true });
  for (const destination of route.send) {
    if (!sends.has(destination))
      sends.set(destination, { route: route.name, destination, template: route.template });
  }
  return true;
}

/** What a group does not let in, none of its routes takes, and none of them is asked. */
function refuse(node: RouteNode, failed: Miss, verdicts: RouteVerdict[]): void {
  if (!("routes" in node)) verdicts.push({ name: node.name, matched: false, failed });
  else for (const one of node.routes) refuse(one, failed, verdicts);
}
