import { beforeEach, describe, expect, it } from "vitest";
import { errorLog } from "../../src/pipeline/error-log.ts";

describe("the log of failures", () => {
  let now: number;
  let lines: { readonly err: string; readonly again?: number }[];
  let fail: (error: unknown) => void;

  beforeEach(() => {
    now = 0;
    lines = [];
    const error = (fields: object) => {
      const { err, again } = fields as { err: Error; again?: number };
      lines.push({ err: err.message, ...(again !== undefined && { again }) });
    };
    fail = errorLog({ error }, () => now);
  });

  it("tells a failure at once", () => {
    fail(new Error("away"));

    expect(lines).toEqual([{ err: "away" }]);
  });

  it("tells one that comes every second for three minutes once a minute, with how often it came", () => {
    for (; now <= 180_000; now += 1_000) fail(new Error("away"));

    expect(lines).toEqual([
      { err: "away" },
      { err: "away", again: 59 },
      { err: "away", again: 59 },
      { err: "away", again: 59 },
    ]);
  });

  it("tells another one at once meanwhile", () => {
    fail(new Error("away"));
    fail(new Error("full"));
    fail(new TypeError("away"));
    fail(new Error("away"));

    expect(lines).toEqual([{ err: "away" }, { err: "full" }, { err: "away" }]);
  });

  it("tells one that comes again much later as the first time", () => {
    fail(new Error("away"));
    now = 3_600_000;
    fail(new Error("away"));

    expect(lines).toEqual([{ err: "away" }, { err: "away" }]);
  });

  it("remembers a hundred different ones, and no more", () => {
    fail(new Error("first"));
    for (let number = 0; number < 99; number += 1) fail(new Error(`another ${number}`));
    fail(new Error("first"));
    const known = lines.length;
    fail(new Error("one more"));
    fail(new Error("first"));

    expect(known).toBe(100);
    expect(lines.slice(known)).toEqual([{ err: "one more" }, { err: "first" }]);
  });
});
