import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Miss } from "../../src/core/miss.ts";
import { decide } from "../../src/core/decide.ts";
import { type Rulebook, rulebookOf, verdictsOf } from "../../src/core/rulebook.ts";
import {
  packVerdicts,
  readVerdicts,
  unpackOldVerdicts,
  unpackVerdicts,
} from "../../src/store/verdicts.ts";
import { factsWith } from "../core/facts.ts";
import { routeTrees } from "../core/route-trees.ts";

const text = fc.constantFrom("tone", "event", "when", "", "0");
const expectation = fc.record({ path: text, expected: text });
const miss: fc.Arbitrary<Miss> = fc.record({ path: text, expected: text, actual: text });

/** A route as a rulebook has it, and what it said: something that it foresaw, something else, or that it took the event. */
const said = fc
  .record({
    name: fc.string(),
    expectations: fc.uniqueArray(expectation, {
      selector: ({ path, expected }) => JSON.stringify([path, expected]),
    }),
    failed: fc.option(miss),
  })
  .map(({ failed, ...terms }) => ({ terms, failed }));

/** Routes that each ask for customers of their own. */
function routesOf(count: number): Rulebook["routes"] {
  return Array.from({ length: count }, (_, index) => ({
    name: `customers of ${index}`,
    expectations: [{ path: "customer.email", expected: `"*@lane${index}.example"` }],
  }));
}

/** How large verdicts are kept when so many routes miss alike. */
function sizeOf(count: number): number {
  const rulebook = { routes: routesOf(count) };
  const refusals = rulebook.routes.map(({ expectations: [expected] }, routes) => ({
    failed: { path: "", expected: "", ...expected, actual: '"ada@example.com"' },
    routes,
  }));
  return packVerdicts({ rulebook, refusals }, "book").length;
}

describe("verdicts as they are kept", () => {
  it("are the same when they are read with their rulebook", () => {
    fc.assert(
      fc.property(fc.array(said), (given) => {
        const rulebook: Rulebook = { routes: given.map(({ terms }) => terms) };
        const refusals = given.flatMap(({ failed }, routes) =>
          failed === null ? [] : [{ failed, routes }],
        );
        const verdicts = { rulebook, refusals };
        const packed = packVerdicts(verdicts, "book");

        expect(readVerdicts(packed).book).toBe("book");
        expect(unpackVerdicts(readVerdicts(packed), rulebook)).toEqual(verdictsOf(verdicts));
      }),
    );
  });

  it("are the same when they are read, of routes of all kinds", () => {
    const facts = factsWith([{ kind: "subscription.ended" }]);
    fc.assert(
      fc.property(routeTrees, (routes) => {
        const rulebook = rulebookOf(routes);
        const verdicts = { rulebook, refusals: decide(routes, facts).refusals };
        const packed = packVerdicts(verdicts, "book");

        expect(unpackVerdicts(readVerdicts(packed), rulebook)).toEqual(verdictsOf(verdicts));
      }),
      { numRuns: 1_000 },
    );
  });

  it("take no more room for a thousand routes that miss alike than for one", () => {
    expect(sizeOf(1_000)).toBeLessThan(sizeOf(1) + 10);
  });

  it("are the same when they are read, whichever of many routes missed", () => {
    const rulebook: Rulebook = { routes: routesOf(200) };
    const failed = { path: "customer.email", expected: "another", actual: "nothing" };
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 200, maxLength: 200 }), (missed) => {
        const refusals = missed.flatMap((isMissed, routes) =>
          isMissed ? [{ failed, routes }] : [],
        );
        const verdicts = { rulebook, refusals };
        const packed = packVerdicts(verdicts, "book");

        expect(unpackVerdicts(readVerdicts(packed), rulebook)).toEqual(verdictsOf(verdicts));
        expect(packed.length).toBeLessThan(200);
      }),
    );
  });
});

describe("verdicts as they were kept before there were rulebooks", () => {
  it("are read, also where routes in a row shared a miss", () => {
    const failed = { path: "tone", expected: '"good"', actual: '"bad"' };
    const kept = [
      { name: "all", matched: true },
      { names: ["one", "two"], failed },
    ];

    expect(unpackOldVerdicts(JSON.stringify(kept))).toEqual([
      { name: "all", matched: true },
      { name: "one", matched: false, failed },
      { name: "two", matched: false, failed },
    ]);
  });

  it("are none of an event that is not processed", () => {
    expect(unpackOldVerdicts(null)).toEqual([]);
  });
});
