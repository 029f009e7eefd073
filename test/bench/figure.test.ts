import { describe, expect, it } from "vitest";
import { isMet, median, quantile, ratio } from "../../bench/figure.ts";
import { table } from "../../bench/table.ts";

const BARE = { name: "bare", rounds: [100, 200, 50] };

describe("a figure", () => {
  it("is known by its median", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median([])).toBeNaN();
  });

  it("has quantiles, between two values in proportion", () => {
    expect(quantile([10, 20, 30, 40, 50], 0.99)).toBeCloseTo(49.6);
    expect(quantile([7], 0.999)).toBe(7);
  });

  it("is compared with its yardstick round by round, since a machine is not as fast at any time", () => {
    expect(ratio({ rounds: [60, 120, 20] }, BARE)).toBe(0.6);
  });

  it.each([
    { goal: { least: 0.5, of: "bare" }, met: true },
    { goal: { least: 0.7, of: "bare" }, met: false },
    { goal: { most: 60 }, met: true },
    { goal: { most: 59 }, met: false },
    { goal: { least: 1, of: "a peer that is not installed" }, met: undefined },
    { goal: undefined, met: undefined },
  ])("of 60, and 0.6 of its yardstick, is held against $goal: $met", ({ goal, met }) => {
    const figure = { name: "a", unit: "/s", rounds: [60, 120, 20], beside: [BARE] } as const;

    expect(isMet({ ...figure, ...(goal !== undefined && { goal }) })).toBe(met);
  });

  it("is shown in a line, with a further one for each further yardstick", () => {
    const figures = [
      {
        name: "intake",
        unit: "/s",
        rounds: [60, 120, 20],
        beside: [BARE, { name: "peer", rounds: [30, 60, 10] }],
        goal: { least: 0.5, of: "bare" },
      },
      { name: "memory", unit: "MB", rounds: [131.4], goal: { most: 130 } },
      { name: "size", unit: "bytes", rounds: [12_345] },
    ] as const;

    expect(table(figures).split("\n")).toEqual([
      "        median        least to most  beside  median  ratio  asked",
      "intake  60.0/s        20.0 to 120/s  bare    100/s   0.60   at least 0.5 of bare  met",
      "                                     peer    30.0/s  2.00",
      "memory  131 MB                                              at most 130 MB        MISSED",
      "size    12,345 bytes",
    ]);
  });
});
