import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Block, Inline } from "../../src/core/message.ts";
import { plainText } from "../../src/core/message.ts";
import { fitBlocks, fitInlines, truncate } from "../../src/core/text.ts";

const text = (value: string): Inline => ({ type: "text", value });
const escaped = (inlines: readonly Inline[]) => plainText(inlines).replaceAll(/[*_]/g, "\\$&");

describe("cutting text", () => {
  it("leaves a text that fits as it is", () => {
    expect(truncate("exactly", 7)).toBe("exactly");
  });

  it("never cuts inside a character that people see as one", () => {
    expect(truncate("ab👩‍👩‍👧cd", 6)).toBe("ab…");
    expect(truncate("e\u0301e\u0301e\u0301", 4)).toBe("e\u0301…");
  });

  it("always fits, and always ends with the mark when something was lost", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.integer({ min: 1, max: 40 }),
        (whole, max) => {
          const cut = truncate(whole, max);

          expect(cut.length).toBeLessThanOrEqual(Math.max(max, 1));
          expect(cut === whole || cut.endsWith("…")).toBe(true);
          expect(cut.isWellFormed() || !whole.isWellFormed()).toBe(true);
        },
      ),
    );
  });

  it("cuts the tree and not the rendering, so that an escape is never cut in two", () => {
    const fitted = fitInlines([text("a*b*c*d")], 6, escaped);

    expect(fitted).toEqual({ text: "a\\*b…", isCut: true });
  });

  it("keeps the longest beginning that fits", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 20 }), { maxLength: 6 }),
        fc.integer({ min: 1, max: 60 }),
        (texts, max) => {
          const fitted = fitInlines(texts.map(text), max, escaped);

          expect(fitted.text.length).toBeLessThanOrEqual(max);
          expect(fitted.isCut).toBe(escaped(texts.map(text)).length > max);
        },
      ),
    );
  });

  it("leaves out list items and blocks of which nothing is left", () => {
    const blocks: Block[] = [
      {
        type: "list",
        ordered: false,
        start: 1,
        items: ["one", "two", "three"].map((item) => [paragraph(item)]),
      },
      paragraph("after"),
    ];
    const render = (list: readonly Block[]): string =>
      list
        .map((block) => {
          if (block.type === "list")
            return block.items.map((item) => `- ${render(item)}`).join("\n");
          return block.type === "paragraph" ? plainText(block.children) : "";
        })
        .join("\n");

    expect(fitBlocks(blocks, 11, render)).toEqual({ text: "- one\n- tw…", isCut: true });
  });
});

function paragraph(value: string): Block {
  return { type: "paragraph", children: [text(value)] };
}
