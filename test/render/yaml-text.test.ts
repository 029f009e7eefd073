import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Scalar } from "yaml";
import { Document, parseDocument } from "yaml";
import { scalarOffsets } from "../../src/render/yaml-text.ts";

const words = fc
  .array(fc.constantFrom("{{a}}", "b", "'", '"', "\\", "é", "😀", " ", "\n", "\t", "#", ": "), {
    minLength: 1,
    maxLength: 20,
  })
  .map((parts) => parts.join(""));

const styles = fc.constantFrom(
  "PLAIN",
  "QUOTE_DOUBLE",
  "QUOTE_SINGLE",
  "BLOCK_LITERAL",
  "BLOCK_FOLDED",
);

test("every tag in a YAML text is found where it stands in the source, however the text is written", () => {
  fc.assert(
    fc.property(words, styles, (text, style) => {
      const { source, scalar } = written(text, style);
      const { value } = scalar;

      const offsets = scalarOffsets(source, scalar);

      expect(offsets).toHaveLength(value.length + 1);
      for (const { 0: tag, index } of value.matchAll(/\{\{a\}\}/g))
        expect(charactersAt(source, offsets.slice(index, index + tag.length))).toBe(tag);
    }),
  );
});

/** A tag may be folded in the middle, so that its characters do not stand side by side. */
function charactersAt(source: string, offsets: readonly number[]): string {
  return offsets.map((offset) => source[offset]).join("");
}

/** The text as the YAML library writes it in a style, or in one near it, and reads it again. */
function written(text: string, style: NonNullable<Scalar["type"]>) {
  const document = new Document({ list: [{ key: text }] });
  const node = document.getIn(PATH, true) as Scalar;
  node.type = style;
  const source = document.toString({ lineWidth: 20, minContentWidth: 5 });
  return { source, scalar: parseDocument(source).getIn(PATH, true) as Scalar<string> };
}

const PATH = ["list", 0, "key"];
