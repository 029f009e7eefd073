import type { RouteOutline } from "../core/route-outline.ts";
import type { RouteCount, RouteTraffic } from "../store/store.ts";

/** The tree of routes with what each sent since a time, and what names sent that the config no longer has. */
export function presentRoutes(
  outline: readonly RouteOutline[],
  since: number,
  { routes, unrouted }: RouteTraffic,
) {
  const counts = new Map(routes.map((one) => [one.route, one]));
  const names = new Set(namesOf(outline));
  const gone = routes.filter(({ route }) => !names.has(route));
  return {
    since: new Date(since).toISOString(),
    routes: outline.map((one) => presentRoute(one, counts)),
    gone: gone
      .toSorted((a, b) => b.lastAt - a.lastAt)
      .map((one) => ({ name: one.route, traffic: presentCount(one) })),
    unrouted,
  };
}

/** The names of the routes that send; groups have none that anything is counted by. */
function namesOf(outline: readonly RouteOutline[]): readonly string[] {
  return outline.flatMap(({ name, routes }) => (routes === null ? [name] : namesOf(routes)));
}

interface PresentedRoute extends Omit<RouteOutline, "routes"> {
  /** `null` for a group. */
  readonly traffic: PresentedCount | null;
  readonly routes: readonly PresentedRoute[] | null;
}

interface PresentedCount {
  readonly events: number;
  readonly messages: number;
  /** When the last of its messages was created. */
  readonly last: string | null;
}

function presentRoute(
  { routes, ...route }: RouteOutline,
  counts: ReadonlyMap<string, RouteCount>,
): PresentedRoute {
  if (routes === null)
    return { ...route, traffic: presentCount(counts.get(route.name)), routes: null };
  return { ...route, traffic: null, routes: routes.map((one) => presentRoute(one, counts)) };
}

function presentCount(count: RouteCount | undefined): PresentedCount {
  if (count === undefined) return { events: 0, messages: 0, last: null };
  const { events, messages, lastAt } = count;
  return { events, messages, last: new Date(lastAt).toISOString() };
}
