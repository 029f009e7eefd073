import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Miss } from "../../src/core/match.ts";
import type { RouteVerdict } from "../../src/core/route.ts";
import type { Rulebook } from "../../src/core/rulebook.ts";
import {
  packVerdicts,
  readVerdicts,
  unpackOldVerdicts,
  unpackVerdicts,
} from "../../src/store/verdicts.ts";

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
    failed: fc.option(miss, { nil: undefined }),
  })
  .map(({ failed, ...terms }) => ({
    terms,
    verdict:
      failed === undefined
        ? { name: terms.name, matched: true }
        : { name: terms.name, matched: false, failed },
  }));

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
  const verdicts = rulebook.routes.map(({ name, expectations: [expected] }) => ({
    name,
    matched: false,
    failed: { path: "", expected: "", ...expected, actual: '"ada@example.com"' },
  }));
  return packVerdicts(verdicts, { id: "book", rulebook }).length;
}

describe("verdicts as they are kept", () => {
  it("are the same when they are read with their rulebook", () => {
    fc.assert(
      fc.property(fc.array(said), (given) => {
        const rulebook: Rulebook = { routes: given.map(({ terms }) => terms) };
        const verdicts: RouteVerdict[] = given.map(({ verdict }) => verdict);
        const packed = packVerdicts(verdicts, { id: "book", rulebook });

        expect(readVerdicts(packed).book).toBe("book");
        expect(unpackVerdicts(readVerdicts(packed), rulebook)).toEqual(verdicts);
      }),
    );
  });

  it("take no more room for a thousand routes that miss alike than for one", () => {
    expect(sizeOf(1_000)).toBeLessThan(sizeOf(1) + 10);
  });

  it("are the same when they are read, whichever of many routes missed", () => {
    const rulebook: Rulebook = { routes: routesOf(200) };
    const failed = { path: "customer.email", expected: "another", actual: "nothing" };
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 200, maxLength: 200 }), (misses) => {
        const verdicts: RouteVerdict[] = rulebook.routes.map(({ name }, index) =>
          misses[index] === true ? { name, matched: false, failed } : { name, matched: true },
        );
        const packed = packVerdicts(verdicts, { id: "book", rulebook });

        expect(unpackVerdicts(readVerdicts(packed), rulebook)).toEqual(verdicts);
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
