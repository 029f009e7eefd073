import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isImplied } from "../../../src/config/reach/demand-logic.ts";
import { eventSorts } from "../../../src/config/reach/event-sorts.ts";
import { Rivals } from "../../../src/config/reach/rivals.ts";
import { reachOf, type RouteReach } from "../../../src/config/reach/route-reach.ts";
import { flatRoutes } from "../../../src/config/routes/flat-routes.ts";
import type { Match } from "../../../src/core/match.ts";
import { anyMatch, type Conditions } from "./any-match.ts";

const SORTS = eventSorts({ polar: { type: "polar", meters: "all" }, help: { type: "plain" } });

/** Few values, so that routes often want the same. */
const CONDITIONS: Conditions = [
  ["event", ["customer.state_changed", "customer.*"]],
  ["customer.name", ["Ada", ["Ada"], ["Ada", "Bo"], "A*", null, { exists: false }]],
  ["customer.metadata.seats", [5, "5", [5, 6], { gte: 5 }]],
  ["subscription.interval", ["month", ["year", "month"], { exists: true }]],
  ["changes.kind", ["subscription.*", "group.added"]],
  ["changes.group.key", ["vip"]],
  ["change.group.key", ["vip"]],
];

test("every route that takes an event of a later one is among its rivals, in their order", () => {
  let taken = 0;
  fc.assert(
    fc.property(fc.array(anyMatch(CONDITIONS), { minLength: 2, maxLength: 8 }), (matches) => {
      const [last, ...earlier] = reachesOf(matches).toReversed();
      if (last === undefined) throw new TypeError("There is at least one route.");
      earlier.reverse();
      const rivals = new Rivals();
      for (const one of earlier) rivals.add(one);

      const found = rivals.of(last);

      const takers = earlier.filter((one) => isTaker(one, last));
      taken += takers.length;
      expect(takers.filter((one) => !found.includes(one))).toEqual([]);
      const places = found.map((one) => earlier.indexOf(one));
      expect(places).toEqual(places.toSorted((a, b) => a - b));
    }),
    { numRuns: 1_500 },
  );
  // Some 330 of them, by chance: enough that the test has said something.
  expect(taken).toBeGreaterThan(100);
});

test("routes that want another value of the same path are no rivals", () => {
  const wanted = ["eu", "us", "eu", "asia"].map((region) => ({
    "customer.metadata.region": region,
  }));
  const [first, second, third, fourth] = reachesOf(wanted);
  if (!first || !second || !third || !fourth) throw new TypeError("There are four routes.");
  const rivals = new Rivals();
  for (const one of [first, second]) rivals.add(one);

  expect([rivals.of(third), rivals.of(fourth)]).toEqual([[first], []]);
});

function reachesOf(matches: readonly Match[]): RouteReach[] {
  const routes = matches.map((match) => ({ match, send: "ops" }));
  return flatRoutes({ routes }).map((route) => reachOf(route, SORTS));
}

function isTaker(earlier: RouteReach, later: RouteReach): boolean {
  return later.taken.some(
    (sort) => earlier.taken.includes(sort) && isImplied(later.demands, earlier.demands, sort),
  );
}
