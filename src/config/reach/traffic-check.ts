import { coverFlaws } from "./cover-check.ts";
import { type EventSorts, eventSorts } from "./event-sorts.ts";
import type { FlatRoute } from "../routes/flat-routes.ts";
import type { Flaw, Span } from "../yaml/flaw.ts";
import { MatchConfig } from "../schema/match.ts";
import type { Path } from "../yaml/path.ts";
import { reachFlaws } from "./reach-check.ts";
import { reachOf, type RouteReach } from "./route-reach.ts";
import { compileWhen } from "../routes/when.ts";
import { whenReachFlaws } from "./when-reach.ts";

/** What the routes of a config are held against to see which events come to them. */
export interface TrafficCheck {
  /** What the config has under `sources`; it need not be valid. */
  readonly sources: unknown;
  readonly routes: readonly FlatRoute[];
  /** Whether something is wrong already with what stands at a path. */
  readonly isWrong: (path: Path) => boolean;
  /** A value as the config writes it. */
  readonly shown: (path: Path, value: unknown) => string;
  readonly spanOf: (path: Path, start: number, end: number) => Span | undefined;
}

/** Which events come to the routes, and the conditions and routes that none can meet. */
export interface Traffic {
  readonly flaws: readonly Flaw[];
  /** Of the routes without mistakes in their conditions, in order. */
  readonly reaches: readonly RouteReach[];
}

/** Works out which events come to each route; one with mistakes in its conditions is passed over. */
export function trafficOf(check: TrafficCheck): Traffic {
  const sorts = eventSorts(check.sources);
  const reaches = check.routes.flatMap((route) =>
    isSound(route, check) ? [reachOf(route, sorts)] : [],
  );
  const flaws = [
    ...reaches.flatMap((reach) => conditionFlaws(reach, sorts, check)),
    ...coverFlaws(reaches),
  ];
  return { reaches, flaws };
}

function conditionFlaws(reach: RouteReach, sorts: EventSorts, check: TrafficCheck): Flaw[] {
  const flaws = reachFlaws(reach, sorts, check.shown);
  return flaws.length > 0 ? flaws : whenReachFlaws(reach, sorts, check.spanOf);
}

function isSound({ matches, whens }: FlatRoute, { isWrong }: TrafficCheck): boolean {
  return (
    [...matches, ...whens].every(({ path }) => !isWrong(path)) &&
    matches.every(({ value }) => MatchConfig.safeParse(value).success) &&
    whens.every(({ value }) => typeof value === "string" && "matcher" in compileWhen(value))
  );
}
