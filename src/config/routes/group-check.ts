import { doubt, type Flaw, flaw } from "../yaml/flaw.ts";
import { isBelow, type Path, valueAt } from "../yaml/path.ts";
import { MAX_LEVELS, type WrittenRoute } from "./written-routes.ts";

/** What is wrong between groups and their routes: no destination, too many levels, settings that nothing inherits. */
export function groupFlaws(routes: readonly WrittenRoute[], config: unknown): Flaw[] {
  return routes.flatMap((route) => {
    if (!route.isGroup) return unsent(route, config);
    if (route.level === MAX_LEVELS) return [tooDeep(route)];
    return (["send", "template"] as const).flatMap((key) => uninherited(key, route, routes));
  });
}

function unsent({ path, level, send }: WrittenRoute, config: unknown): Flaw[] {
  const value = valueAt(config, path);
  const isMapping = typeof value === "object" && value !== null && !Array.isArray(value);
  if (send !== undefined || !isMapping) return [];
  const where = level === 1 ? "" : ", its own or that of a group around it";
  const message = `A route needs \`send\`${where}: the destination, or list of destinations, that its messages go to.`;
  return [flaw([...path, "send"], message)];
}

function tooDeep({ path }: WrittenRoute): Flaw {
  const message = `Routes are nested too deep here: ${MAX_LEVELS} levels are the most. Let these routes repeat some of the conditions around them instead.`;
  return flaw([...path, "routes"], message, "key");
}

function uninherited(
  key: "send" | "template",
  { path, [key]: given }: WrittenRoute,
  routes: readonly WrittenRoute[],
): Flaw[] {
  const own: Path = [...path, key];
  if (given?.path.length !== own.length) return [];
  const leaves = routes.filter((route) => !route.isGroup && isBelow(route.path, path));
  if (leaves.length === 0 || leaves.some((route) => route[key] === given)) return [];
  const message = `No route of this group uses this: each has a \`${key}\` of its own. Remove it.`;
  return [doubt(own, message, "key")];
}
