import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareTimes, utcTime } from "../../src/sources/instant.ts";

describe("utcTime", () => {
  it.each([
    ["2026-11-20T09:14:03.482003Z", "2026-11-20T09:14:03.482003Z"],
    ["2026-11-20T09:14:03Z", "2026-11-20T09:14:03Z"],
    ["2026-11-20 09:14:03.5+00:00", "2026-11-20T09:14:03.5Z"],
    ["2026-11-20T01:14:03.482003+02:00", "2026-11-19T23:14:03.482003Z"],
    ["2026-11-20T01:14:03-0530", "2026-11-20T06:44:03Z"],
    ["2026-11-20T24:00:00Z", "2026-11-21T00:00:00Z"],
    ["2026-11-20T24:00:00.5Z", "2026-11-21T00:00:00.5Z"],
    ["2028-02-29T09:14:03Z", "2028-02-29T09:14:03Z"],
    ["2026-11-20T09:14:03.1234567891234Z", "2026-11-20T09:14:03.123456789Z"],
  ])("makes %s the time %s", (text, time) => {
    expect(utcTime(text)).toBe(time);
  });

  it.each([
    "",
    "2026-11-20",
    "2026-11-20T09:14:03",
    "2026-13-20T09:14:03Z",
    "2026-02-30T09:14:03Z",
    "2026-02-29T09:14:03+01:00",
    "2026-11-20T24:00:01Z",
    "0000-01-01T00:00:00+02:00",
    "yesterday",
  ])("takes %j for no time", (text) => {
    expect(utcTime(text)).toBeUndefined();
  });

  it("keeps no more of a fraction than can be compared at once", () => {
    const endless = `2026-11-20T09:14:03.${"0".repeat(500_000)}1Z`;

    expect(utcTime(endless)).toBe("2026-11-20T09:14:03.000000000Z");
  });
});

describe("compareTimes", () => {
  it.each([
    ["2026-11-20T09:14:03.482003Z", "2026-11-20T09:14:03.482004Z"],
    ["2026-11-20T09:14:03Z", "2026-11-20T09:14:03.000001Z"],
    ["2026-11-20T09:14:03.9Z", "2026-11-20T09:14:04Z"],
    ["2026-11-20T09:14:03.09Z", "2026-11-20T09:14:03.1Z"],
  ])("puts %s before %s", (earlier, later) => {
    expect(compareTimes(earlier, later)).toBeLessThan(0);
    expect(compareTimes(later, earlier)).toBeGreaterThan(0);
  });

  it.each([
    ["2026-11-20T09:14:00Z", "2026-11-20T09:14:00.000Z"],
    ["2026-11-20T09:14:00.5Z", "2026-11-20T09:14:00.500000Z"],
  ])("takes %s and %s for the same instant", (a, b) => {
    expect(compareTimes(a, b)).toBe(0);
  });

  it("agrees with the clock to the millisecond", () => {
    const dates = fc.date({
      min: new Date("1970-01-01"),
      max: new Date("9999-01-01"),
      noInvalidDate: true,
    });

    fc.assert(
      fc.property(dates, dates, (a, b) => {
        const order = compareTimes(a.toISOString(), b.toISOString());
        expect(order).toBe(Math.sign(a.getTime() - b.getTime()));
      }),
    );
  });
});
