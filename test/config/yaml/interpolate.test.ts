import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { interpolate } from "../../../src/config/yaml/interpolate.ts";

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bellhop-interpolate-"));
  writeFileSync(join(folder, "secret"), "from a file\r\n\n");
  writeFileSync(join(folder, "lines"), "one\ntwo\n");
  mkdirSync(join(folder, "folder"));
});

afterAll(() => rmSync(folder, { recursive: true }));

const variables = { NAME: "value", EMPTY: "", DOLLAR: "$& ${NAME}", _lower1: "under" };

test.each([
  ["plain text", "plain text"],
  ["${NAME}", "value"],
  ["a ${NAME} b ${NAME}", "a value b value"],
  ["${_lower1}", "under"],
  ["${EMPTY}", ""],
  ["${NAME:-other}", "value"],
  ["${MISSING:-other}", "other"],
  ["${EMPTY:-other}", "other"],
  ["${MISSING:-}", ""],
  ["${MISSING:-a:-b}", "a:-b"],
  ["${MISSING:-$5}", "$5"],
  ["${file:secret}", "from a file"],
  ["${file:lines}", "one\ntwo"],
  ["$${NAME}", "${NAME}"],
  ["$${NAME} ${NAME}", "${NAME} value"],
  ["$NAME $$ {NAME}", "$NAME $$ {NAME}"],
  ["${DOLLAR}", "$& ${NAME}"],
])("%s becomes %s", (text, expected) => {
  const result = interpolate(text, { variables, folder });

  expect(result.text).toBe(expected);
  expect(result.missing).toEqual([]);
});

test("a file is found by its absolute path", () => {
  const result = interpolate(`\${file:${join(folder, "secret")}}`, { variables, folder });

  expect(result.text).toBe("from a file");
});

test.each([
  ["${MISSING}", 'The environment variable "MISSING" is not set.'],
  ["${NAEM}", 'The environment variable "NAEM" is not set. Did you mean "NAME"?'],
  ["${toString}", 'The environment variable "toString" is not set.'],
  ["${}", '"" is not the name of an environment variable.'],
  ["${TWO WORDS}", '"TWO WORDS" is not the name of an environment variable.'],
  ["${NAME-other}", '"NAME-other" is not the name of an environment variable.'],
  ["${file:}", '"file:" is not the name of an environment variable.'],
  ["${file:nowhere}", 'There is no file "nowhere" to read this value from.'],
  ["${file:folder}", 'The file "folder" cannot be read (EISDIR).'],
  ["${NAME", "This `${` has no closing brace."],
])("%s leads nowhere", (text, message) => {
  const result = interpolate(text, { variables, folder });

  expect(result.missing.map((missing) => missing.message.slice(0, message.length))).toEqual([
    message,
  ]);
});

test("a missing reference is told by its place among the others, escaped ones included", () => {
  const result = interpolate("$${A} ${NAME} ${MISSING}", { variables, folder });

  expect(result.missing).toMatchObject([{ ordinal: 2, reference: "${MISSING}" }]);
});

test("a default is told from a value of the environment", () => {
  const result = interpolate("${NAME} ${MISSING:-shown}", { variables, folder });

  expect(result.expansions).toEqual([
    { reference: "${NAME}", value: "value", isDefault: false },
    { reference: "${MISSING:-shown}", value: "shown", isDefault: true },
  ]);
});
