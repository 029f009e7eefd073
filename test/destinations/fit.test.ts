import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitTogether, type Piece, waterLevel } from "../../src/destinations/fit.ts";

describe("texts that share a room", () => {
  it("stay as they are while they fit", () => {
    const fitted = fitTogether([piece("aaa", 10), piece("bbbb", 10)], 7);

    expect(fitted.map(({ text }) => text)).toEqual(["aaa", "bbbb"]);
  });

  it("let the longest give way first", () => {
    const fitted = fitTogether([piece("a", 10), piece("bbbbbbbb", 10), piece("cccccc", 10)], 9);

    expect(fitted).toEqual([
      { text: "a", isCut: false },
      { text: "bbbb", isCut: true },
      { text: "cccc", isCut: true },
    ]);
  });

  it("keep their own limits", () => {
    expect(fitTogether([piece("aaaaa", 3)], 100)).toEqual([{ text: "aaa", isCut: true }]);
  });

  it("never take more than there is", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 50 })), fc.nat({ max: 500 }), (lengths, total) => {
        const level = waterLevel(lengths, total);

        const sum = lengths.reduce((taken, length) => taken + Math.min(length, level), 0);
        expect(sum).toBeLessThanOrEqual(total);
      }),
    );
  });
});

function piece(text: string, max: number): Piece {
  return { max, fit: (most) => ({ text: text.slice(0, most), isCut: text.length > most }) };
}
