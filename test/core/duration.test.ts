import { describe, expect, it } from "vitest";
import { parseDuration } from "../../src/core/duration.ts";

describe("parseDuration", () => {
  it.each([
    ["0s", 0],
    ["250ms", 250],
    ["300s", 300_000],
    ["5m", 300_000],
    ["2h", 7_200_000],
    ["3d", 259_200_000],
    ["72 h", 259_200_000],
  ])("reads %s as %d milliseconds", (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  it.each(["", "5", "m", "-5m", "1.5h", "5M", "1h30m", "5 minutes", "99999999999999d"])(
    "does not take %j for a duration",
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );
});
