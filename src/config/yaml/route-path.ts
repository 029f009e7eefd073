import type { Path } from "./path.ts";

/** What a path names inside the innermost route on its way, empty for the route itself; `undefined` outside of routes. */
export function insideRoute(path: Path): Path | undefined {
  let inside: Path | undefined;
  let rest = path;
  while (rest[0] === "routes" && typeof rest[1] === "number") {
    rest = rest.slice(2);
    inside = rest;
  }
  return inside;
}

/** Whether a path is that of a list of routes, of the whole config or of a group. */
export function isListOfRoutes(path: Path): boolean {
  return path.at(-1) === "routes" && (path.length === 1 || insideRoute(path)?.length === 1);
}
