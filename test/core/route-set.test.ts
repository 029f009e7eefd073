import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RouteSet } from "../../src/core/route-set.ts";

const END = 40;
const numbers = fc.uniqueArray(fc.integer({ min: 0, max: END - 1 }));

function setOf(all: readonly number[]): RouteSet {
  const set = RouteSet.empty(END);
  for (const one of all) set.add(one);
  return set;
}

const ascending = (all: Iterable<number>) => [...all].toSorted((one, other) => one - other);

describe("a set of routes", () => {
  it("has what was added to it, by itself or with another set", () => {
    fc.assert(
      fc.property(numbers, numbers, (some, others) => {
        const set = setOf(some);
        set.addAll(setOf(others));

        expect([...set]).toEqual(ascending(new Set([...some, ...others])));
        expect(set.first).toBe([...set][0]);
      }),
    );
  });

  it("can be cut off before any number", () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: 0, max: END }), (some, end) => {
        expect([...setOf(some).before(end)]).toEqual(ascending(some.filter((one) => one < end)));
      }),
    );
  });

  it("counts the runs in it", () => {
    fc.assert(
      fc.property(numbers, (some) => {
        const starts = some.filter((one) => !some.includes(one - 1));

        expect(setOf(some).runs).toBe(starts.length);
      }),
    );
  });

  it("is the same from its bytes", () => {
    fc.assert(
      fc.property(numbers, (some) => {
        expect([...RouteSet.of(setOf(some).bytes)]).toEqual(ascending(some));
      }),
    );
  });

  it("has all routes of a range", () => {
    expect([...RouteSet.range(6, 11)]).toEqual([6, 7, 8, 9, 10]);
    expect([...RouteSet.range(3, 3)]).toEqual([]);
  });
});
