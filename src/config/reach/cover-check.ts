import { celReach } from "./cel-reach.ts";
import { isImplied } from "./demand-logic.ts";
import type { EventSort } from "./event-sorts.ts";
import type { FlatRoute } from "../routes/flat-routes.ts";
import { doubt, type Flaw } from "../yaml/flaw.ts";
import { isBelow, type Path, showPath } from "../yaml/path.ts";
import { Rivals } from "./rivals.ts";
import type { RouteReach } from "./route-reach.ts";

/**
 * Routes that no event comes to, since earlier ones take every event of theirs and end its search, and routes that send
 * nothing, since earlier ones have sent it. Those that can take no event anyway are passed over.
 */
export function coverFlaws(reaches: readonly RouteReach[]): Flaw[] {
  const told = new Set<string>();
  const ending = new Rivals();
  const sending = new Map<unknown, Rivals>();
  const flaws: Flaw[] = [];
  for (const reach of reaches) {
    const ends = ending.of(reach).filter(({ route }) => endAt(route, reach.route) !== undefined);
    const takers = takersOf(reach, ends);
    const [taker] = takers;
    if (taker === undefined) {
      flaws.push(...overtaken(reach, sending));
      const { stop, groupStops, send } = reach.route;
      if (stop || groupStops.length > 0) ending.add(reach);
      for (const name of new Set(send.map((one) => one.name))) rivalsAt(name, sending).add(reach);
      continue;
    }
    const by = showPath(endAt(taker.route, reach.route) ?? []);
    // What takes everything is told once, not for each of the routes behind it.
    const domain = takers.length === 1 ? domainOf(taker.route) : undefined;
    if (domain === undefined || !told.has(by)) flaws.push(unreached(reach.route, takers));
    if (domain !== undefined) told.add(by);
  }
  return flaws;
}

/** The earlier routes that between them take every event of a route, sort by sort; empty where some are left to it. */
function takersOf(reach: RouteReach, candidates: readonly RouteReach[]): readonly RouteReach[] {
  const takers = new Set<RouteReach>();
  for (const sort of reach.taken) {
    const taker = candidates.find((one) => takesAllOf(reach, one, sort));
    if (taker === undefined) return [];
    takers.add(taker);
  }
  return [...takers];
}

function takesAllOf(reach: RouteReach, earlier: RouteReach, sort: EventSort): boolean {
  if (!earlier.taken.includes(sort)) return false;
  const own = reach.route.whens.map(({ value }) => value);
  const isHeld = (when: unknown) => own.includes(when) || celReach(String(when))[0].isAlways(sort);
  return (
    earlier.route.whens.every(({ value }) => isHeld(value)) &&
    isImplied(reach.demands, earlier.demands, sort)
  );
}

/** The route or group whose `stop` ends the search before a later route; `undefined` when nothing does. */
function endAt({ path, stop, groupStops }: FlatRoute, later: FlatRoute): Path | undefined {
  return stop ? path : groupStops.find((group) => !isBelow(later.path, group));
}

/** Told of the outermost group that nothing comes to, should the route be the first of one. */
function unreached({ path }: FlatRoute, takers: readonly RouteReach[]): Flaw {
  const ends = takers.map(({ route }) => endAt(route, { ...route, path }) ?? route.path);
  const [by = [], ...more] = ends;
  const names = [...new Set(ends.map((end) => showPath(end)))].join(" and ");
  const shared = path.findIndex((step, index) => step !== by[index]);
  const domain =
    takers.length === 1 && takers[0] !== undefined ? domainOf(takers[0].route) : undefined;
  if (domain !== undefined) {
    const what =
      domain.length === 0 ? "every event" : `every event that ${showPath(domain)} lets in`;
    const message = `No event comes this far: ${names} takes ${what} and ends its search. Move it to the end.`;
    return doubt(path.slice(0, shared + 1), message);
  }
  const verbs =
    more.length > 0
      ? "take every event of this route and end"
      : "takes every event of this route and ends";
  const below = more.length > 0 ? "them" : "it";
  return doubt(
    path,
    `No event comes this far: ${names} ${verbs} its search. Move this route above ${below}.`,
  );
}

function rivalsAt(destination: unknown, sending: Map<unknown, Rivals>): Rivals {
  const known = sending.get(destination) ?? new Rivals();
  sending.set(destination, known);
  return known;
}

/** A route all of whose destinations earlier routes send every event of it to: the first to send there wins. */
function overtaken(reach: RouteReach, sending: ReadonlyMap<unknown, Rivals>): Flaw[] {
  const { route } = reach;
  const names = route.send.map(({ name }) => name);
  if (names.length === 0 || reach.taken.length === 0) return [];
  const takers = new Set<RouteReach>();
  for (const name of names) {
    const found = takersOf(reach, sending.get(name)?.of(reach) ?? []);
    if (found.length === 0) return [];
    for (const one of found) takers.add(one);
  }
  const [taker, ...more] = takers;
  if (taker === undefined) return [];
  const domain = more.length === 0 ? domainOf(taker.route) : undefined;
  const what =
    domain === undefined
      ? "every event of this route"
      : domain.length === 0
        ? "every event"
        : `every event of ${showPath(domain)}`;
  const by = [...takers].map((one) => showPath(one.route.path)).join(" and ");
  const verb = more.length > 0 ? "send" : "sends";
  const below = more.length > 0 ? "them" : "it";
  const message = `This route sends nothing: ${by} ${verb} ${what} there already, and a destination gets an event only once. Move this route above ${below}.`;
  return [doubt(route.path, message)];
}

/**
 * The innermost group whose conditions are the last on the way to a route, empty for none: the route takes whatever
 * comes to it. `undefined` when the route asks for something itself.
 */
function domainOf({ path, matches, whens }: FlatRoute): Path | undefined {
  const asking = [
    ...matches.filter(({ value }) => Object.keys(value as object).length > 0),
    ...whens,
  ];
  const places = asking.map((one) => one.path.slice(0, -1));
  const innermost = places.toSorted((a, b) => b.length - a.length)[0] ?? [];
  return innermost.length === path.length ? undefined : innermost;
}
