import type { Json, JsonObject } from "../../core/json.ts";
import type { RouteOutline } from "../../core/route-outline.ts";
import type { Path } from "../yaml/path.ts";
import type { RouteConfig } from "../schema/schema.ts";
import { defaultName } from "./written-routes.ts";

/** The text of a scalar that refers to the environment, as the file has it; `undefined` for any other. */
export type ReferenceAt = (path: Path) => string | undefined;

/** The tree of routes as people wrote it, without anything from the environment but names. */
export function outlineRoutes(
  routes: readonly RouteConfig[],
  referenceAt: ReferenceAt,
): readonly RouteOutline[] {
  return outlineBelow(routes, { path: [], place: [], send: [], template: null, referenceAt });
}

/** What the routes of one group have from it and the groups around it. */
interface Around extends Pick<RouteOutline, "send" | "template"> {
  readonly path: Path;
  /** Its number and those of the groups around it, from 1. */
  readonly place: readonly number[];
  readonly referenceAt: ReferenceAt;
}

function outlineBelow(routes: readonly RouteConfig[], around: Around): readonly RouteOutline[] {
  return routes.map((route, index) => {
    const path = [...around.path, "routes", index];
    const place = [...around.place, index + 1];
    const send = route.send ?? around.send;
    const template = route.template ?? around.template;
    const inside = { ...around, path, place, send, template };
    return {
      name: route.name ?? defaultName(place),
      match: matchOf(route, path, around.referenceAt),
      when: around.referenceAt([...path, "when"]) ?? route.when ?? null,
      send,
      template,
      stop: route.stop,
      routes: route.routes === undefined ? null : outlineBelow(route.routes, inside),
    };
  });
}

function matchOf({ match }: RouteConfig, path: Path, referenceAt: ReferenceAt): JsonObject | null {
  if (match === undefined || Object.keys(match).length === 0) return null;
  // The schema lets nothing but JSON into a match.
  return written(match as JsonObject, [...path, "match"], referenceAt) as JsonObject;
}

function written(value: Json, path: Path, referenceAt: ReferenceAt): Json {
  if (Array.isArray(value))
    return value.map((one, index) => written(one, [...path, index], referenceAt));
  if (typeof value !== "object" || value === null) return referenceAt(path) ?? value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, written(one, [...path, key], referenceAt)]),
  );
}
