import { celReach } from "./cel-reach.ts";
import { canHold } from "./demand-logic.ts";
import { type Demands, demandsOf } from "./demands.ts";
import type { EventSort, EventSorts } from "./event-sorts.ts";
import type { FlatRoute } from "../routes/flat-routes.ts";

/** A route whose conditions are without mistakes of their own, and the events that can come to it. */
export interface RouteReach {
  readonly route: FlatRoute;
  readonly demands: Demands;
  /** The sorts of event that its matches can take, of the sources that the config has. */
  readonly matched: readonly EventSort[];
  /** Those that its `when`, if there is one, can take too. */
  readonly taken: readonly EventSort[];
}

/** The events that can come to a route, every condition being as the schema takes it. */
export function reachOf(route: FlatRoute, sorts: EventSorts): RouteReach {
  const demands = demandsOf(route.matches);
  const matched = sorts.configured.filter((sort) => canHold(demands, sort));
  const whens = route.whens.map(({ value }) => celReach(String(value))[0]);
  const taken = matched.filter((sort) => whens.every((when) => when.canHold(sort)));
  return { route, demands, matched, taken };
}
