import type { RouteOutline } from "../core/route-outline.ts";

/** The routes and what went through them, as the API answers it; without a bridge, what it alone knows is `null`. */
export interface RoutesAnswer {
  readonly revision: string;
  readonly since: string | null;
  readonly routes: readonly RouteAnswer[];
  /** What sent messages and is no longer in the config, the last one first. */
  readonly gone: readonly { readonly name: string; readonly traffic: TrafficAnswer }[];
  /** How many events no route took. */
  readonly unrouted: number | null;
}

/** A route of the tree; a group has no traffic, and a route that sends no `routes`. */
export interface RouteAnswer extends Omit<RouteOutline, "routes"> {
  readonly traffic: TrafficAnswer | null;
  readonly routes: readonly RouteAnswer[] | null;
}

/** What a route sent. */
export interface TrafficAnswer {
  readonly events: number;
  readonly messages: number;
  readonly last: string | null;
}
