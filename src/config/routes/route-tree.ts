import { type Match, matchers } from "../../core/match.ts";
import type { Route, RouteNode } from "../../core/route.ts";
import { toMatch } from "../schema/match.ts";
import type { Path } from "../yaml/path.ts";
import type { ReferenceAt } from "./route-outline.ts";
import type { RouteConfig } from "../schema/schema.ts";
import { compileWhen } from "./when.ts";
import { defaultName } from "./written-routes.ts";

/** The routes of a config without mistakes, ready for events; each has from its groups what it does not say itself. */
export function createRoutes(
  routes: readonly RouteConfig[],
  referenceAt: ReferenceAt,
): readonly RouteNode[] {
  return createBelow(routes, {
    path: [],
    place: [],
    matches: [],
    send: [],
    template: null,
    matcher: matchers(),
    referenceAt,
  });
}

/** What the routes of one group have from it and the groups around it. */
interface Around extends Pick<Route, "send" | "template"> {
  readonly path: Path;
  /** Its number and those of the groups around it, from 1. */
  readonly place: readonly number[];
  readonly matches: readonly Match[];
  readonly matcher: ReturnType<typeof matchers>;
  readonly referenceAt: ReferenceAt;
}

function createBelow(routes: readonly RouteConfig[], around: Around): readonly RouteNode[] {
  return routes.map((route, index) => createNode(route, index, around));
}

function createNode(route: RouteConfig, index: number, around: Around): RouteNode {
  const path = [...around.path, "routes", index];
  const place = [...around.place, index + 1];
  // One match, so that conditions of both on the list of changes hold of the same change.
  const matches = [...around.matches, toMatch(route.match ?? {})];
  const own = {
    name: route.name ?? defaultName(place),
    match: around.matcher(...matches),
    when: createWhen(route.when, around.referenceAt([...path, "when"])),
    stop: route.stop,
  };
  const send = route.send ?? around.send;
  const template = route.template ?? around.template;
  if (route.routes === undefined) return { ...own, send, template };
  const inside = { ...around, path, place, matches, send, template };
  return { ...own, routes: createBelow(route.routes, inside) };
}

function createWhen(when: string | undefined, asWritten: string | undefined): Route["when"] {
  if (when === undefined) return null;
  const compiled = compileWhen(when, asWritten);
  if ("matcher" in compiled) return compiled.matcher;
  throw new TypeError(compiled.flaws.map((found) => found.message).join(" "));
}
