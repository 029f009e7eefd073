import { type Path, valueAt } from "../yaml/path.ts";

/** The most levels of routes inside routes, those of the config itself being the first; ours. */
export const MAX_LEVELS = 8;

/** Something that the config says, and where. */
export interface Written {
  readonly value: unknown;
  readonly path: Path;
}

/** A route or group as the config has it, with what it inherits; nothing of it need be valid. */
export interface WrittenRoute extends Inherited {
  readonly path: Path;
  /** As events record it: its own name, else its place, such as `route 2.1`. */
  readonly name: string;
  /** 1 for the routes of the config itself. */
  readonly level: number;
  readonly isGroup: boolean;
  readonly stop: boolean;
}

/** What a route has from the groups around it, and hands on with its own when it is a group. */
interface Inherited {
  /** Every `match` that must hold, the outermost group's first. */
  readonly matches: readonly Written[];
  /** Every `when` that must hold, in the same order. */
  readonly whens: readonly Written[];
  /** Its own, else that of the nearest group that has one. */
  readonly send: Written | undefined;
  readonly template: Written | undefined;
  /** The paths of the groups around it that have `stop: true`, the outermost first. */
  readonly groupStops: readonly Path[];
}

/** The routes and groups of a config that need not be valid, each group before what it holds; none that is too deep. */
export function writtenRoutes(config: unknown): readonly WrittenRoute[] {
  return routesIn({ value: config, path: [] }, [], NOTHING);
}

const NOTHING: Inherited = {
  matches: [],
  whens: [],
  send: undefined,
  template: undefined,
  groupStops: [],
};

function routesIn(holder: Written, place: readonly number[], from: Inherited): WrittenRoute[] {
  const list = written(holder, "routes");
  if (!Array.isArray(list?.value) || place.length === MAX_LEVELS) return [];
  return list.value.flatMap((value: unknown, index) => {
    const here = { value, path: [...list.path, index] };
    const route = routeOf(here, [...place, index + 1], from);
    if (!route.isGroup) return [route];
    const groupStops = route.stop ? [...from.groupStops, route.path] : from.groupStops;
    return [route, ...routesIn(here, [...place, index + 1], { ...route, groupStops })];
  });
}

function routeOf(here: Written, place: readonly number[], from: Inherited): WrittenRoute {
  const name = written(here, "name")?.value;
  return {
    path: here.path,
    name: typeof name === "string" ? name : defaultName(place),
    level: place.length,
    isGroup: written(here, "routes") !== undefined,
    matches: [...from.matches, ...given(written(here, "match"))],
    whens: [...from.whens, ...given(written(here, "when"))],
    send: written(here, "send") ?? from.send,
    template: written(here, "template") ?? from.template,
    stop: written(here, "stop")?.value === true,
    groupStops: from.groupStops,
  };
}

/** What a route without a name is called, by its number and those of the groups around it, from 1. */
export function defaultName(place: readonly number[]): string {
  return `route ${place.join(".")}`;
}

function written(holder: Written, key: string): Written | undefined {
  const value = valueAt(holder.value, [key]);
  return value === undefined ? undefined : { value, path: [...holder.path, key] };
}

function given(found: Written | undefined): Written[] {
  return found === undefined ? [] : [found];
}
