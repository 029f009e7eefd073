import type { Facts } from "../../src/core/facts.ts";
import { decide, type Send } from "../../src/core/decide.ts";
import type { RouteNode } from "../../src/core/route.ts";
import { rulebookOf, type RouteVerdict, verdictsOf } from "../../src/core/rulebook.ts";

/** What comes of holding an event against the routes, as people read it. */
export function decided(
  routes: readonly RouteNode[],
  facts: Facts,
): { readonly routes: readonly RouteVerdict[]; readonly sends: readonly Send[] } {
  const { refusals, sends } = decide(routes, facts);
  return { routes: verdictsOf({ rulebook: rulebookOf(routes), refusals }), sends };
}
