import type { Matcher } from "./match.ts";

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

/** The routes that send, groups left out, in the order in which events are held against them. */
export function leavesOf(routes: readonly RouteNode[]): readonly Route[] {
  return routes.flatMap((node) => ("routes" in node ? leavesOf(node.routes) : [node]));
}
