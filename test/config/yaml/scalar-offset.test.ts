import { isScalar, parseDocument } from "yaml";
import { expect, test } from "vitest";
import { sourceOffset } from "../../../src/config/yaml/scalar-offset.ts";

test.each([
  ["a plain text", "when: a == b && needle"],
  ["a plain text over two lines", "when: a == b &&\n  needle == c"],
  ["single quotes", "when: 'a == ''b'' && needle'"],
  ["double quotes", 'when: "a == \\"b\\" && needle"'],
  ["an escaped letter", 'when: "a \\u0041\\x41\\U00000041 needle"'],
  ["an escaped line break", 'when: "a\\n\\tneedle"'],
  ["a continued line", 'when: "a == b && \\\n    needle"'],
  ["double quotes over two lines", 'when: "a == b &&\n\n  needle"'],
  ["a literal block", "when: |\n  a == b &&\n    needle == c\n"],
  ["a folded block", "when: >-\n  a == b &&\n  needle == c\n"],
  ["a folded block with blank lines", "when: >-\n\n  a == b &&\n\n  c &&\n     needle\n"],
  ["a block with a comment in its header", "when: > # why\n  a == b && needle\n"],
  ["a block with Windows line ends", "when: |\r\n  a == b &&\r\n  needle\r\n"],
  ["characters outside the basic plane", 'when: "😀 == 😀 && needle"'],
])("a word is found again in %s", (_, text) => {
  const scalar: unknown = parseDocument(text).get("when", true);
  if (!isScalar(scalar) || typeof scalar.value !== "string") throw new Error("no text");
  const index = scalar.value.indexOf("needle");

  const start = sourceOffset(text, scalar, index);
  const end = sourceOffset(text, scalar, index + "needle".length);

  expect(text.slice(start, start + 6)).toBe("needle");
  expect(text.slice(start, end).trim()).toBe("needle");
});
