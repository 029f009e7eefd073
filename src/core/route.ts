import type { Facts } from "./facts.ts";
import type { Matcher, Miss } from "./match.ts";

/** A rule of the config, ready for events: which events go where, and how. */
export interface Route {
  readonly name: string;
  readonly match: Matcher;
  /** The CEL condition, if the route has one; an evaluation error is a miss. */
  readonly when: Matcher | null;
  /** Names of destinations. */
  readonly send: readonly string[];
  /** The template named by the route, else `null` for the event's own or the default. */
  readonly template: string | null;
  /** Whether a match ends the search. */
  readonly stop: boolean;
}

/** What a route said of an event; kept with the event, so that `explain` can tell why. */
export interface RouteVerdict {
  readonly name: string;
  readonly matched: boolean;
  /** The first condition that failed. */
  readonly failed?: Miss;
}

/** One message to be sent: the first route that takes an event to a destination wins. */
export interface Send {
  readonly route: string;
  readonly destination: string;
  readonly template: string | null;
}

/** What came of holding an event against the routes. */
export interface Decision {
  readonly routes: readonly RouteVerdict[];
  readonly sends: readonly Send[];
}

/** Holds an event against the routes in order; an event reaches one destination at most once. */
export function decide(routes: readonly Route[], facts: Facts): Decision {
  const verdicts: RouteVerdict[] = [];
  const sends = new Map<string, Send>();
  let stoppedBy: string | undefined;
  for (const route of routes) {
    if (stoppedBy !== undefined) {
      const failed = {
        path: "stop",
        expected: "to be reached",
        actual: `"${stoppedBy}" ended the search`,
      };
      verdicts.push({ name: route.name, matched: false, failed });
      continue;
    }
    const failed = route.match(facts) ?? route.when?.(facts);
    if (failed !== undefined) {
      verdicts.push({ name: route.name, matched: false, failed });
      continue;
    }
    verdicts.push({ name: route.name, matched: true });
    for (const destination of route.send) {
      if (!sends.has(destination))
        sends.set(destination, { route: route.name, destination, template: route.template });
    }
    if (route.stop) stoppedBy = route.name;
  }
  return { routes: verdicts, sends: [...sends.values()] };
}
