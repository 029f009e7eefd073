import { describe, expect, it } from "vitest";
import { longDate } from "../../src/core/date.ts";

describe("longDate", () => {
  it("is the day in UTC", () => {
    expect(longDate("2026-12-03T23:59:59.999999Z")).toBe("3 December 2026");
  });

  it("leaves a text that is no time as it is", () => {
    expect(longDate("soon")).toBe("soon");
  });
});
