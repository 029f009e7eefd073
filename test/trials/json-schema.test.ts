import { readFileSync, writeFileSync } from "node:fs";
import Ajv from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { trialSchema } from "../../src/trials/json-schema.ts";

const FILE = "test.schema.json";

test("test.schema.json is that of the schema in the code (UPDATE=1 writes it)", () => {
  const current = `${JSON.stringify(trialSchema(), null, 2)}\n`;

  if (process.env["UPDATE"] === "1") writeFileSync(FILE, current);

  expect(readFileSync(FILE, "utf8")).toBe(current);
});

const validate = new Ajv.Ajv2020({ strict: false }).compile(trialSchema());
const name = "one";
const payload = "payload.json";

test("an editor finds nothing wrong with the example's tests", () => {
  const isValid = validate(parse(readFileSync("config.example.test.yaml", "utf8")));

  expect(validate.errors ?? []).toEqual([]);
  expect(isValid).toBe(true);
});

test.each([
  ["no tests at all", []],
  ["a test without a payload", [{ name }]],
  ["a misspelled key", [{ name, payload, expects: {} }]],
  ["a kind of change that there is not", [{ name, payload, expect: { changes: ["group.add"] } }]],
  ["a status that there is not", [{ name, payload, expect: { status: "lost" } }]],
  [
    "a part that no message has",
    [{ name, payload, expect: { messages: { sales: { heading: "Ada" } } } }],
  ],
])("an editor marks %s", (_, tests) => {
  const isValid = validate({ tests });

  expect(isValid).toBe(false);
});

test.each([
  ["a payload in the file", [{ name, payload: { type: "order.paid", data: {} }, expect: {} }]],
  ["an expectation that is yet to be written", [{ name, payload, expect: null }]],
  ["one earlier payload", [{ name, payload, before: "earlier.json" }]],
  [
    "several earlier payloads, one changed",
    [
      {
        name,
        payload,
        before: ["earlier.json", { file: "later.json", set: { "data.name": "x" } }],
      },
    ],
  ],
])("an editor takes %s", (_, tests) => {
  const isValid = validate({ tests });

  expect(validate.errors ?? []).toEqual([]);
  expect(isValid).toBe(true);
});

test("every key is described", () => {
  const undescribed = keysWithoutDescription(trialSchema(), "");

  expect(undescribed).toEqual([]);
});

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

function keysWithoutDescription(schema: Schema, path: string): string[] {
  const { properties = {}, additionalProperties, items, anyOf = [] } = schema;
  const entries = Object.entries(properties);
  const inner = [
    ...(typeof additionalProperties === "object" ? [additionalProperties] : []),
    ...(items === undefined ? [] : [items]),
    ...anyOf,
  ];
  return [
    ...entries.filter(([, below]) => !("description" in below)).map(([key]) => `${path}.${key}`),
    ...entries.flatMap(([key, below]) => keysWithoutDescription(below, `${path}.${key}`)),
    ...inner.flatMap((below) => keysWithoutDescription(below, path)),
  ];
}
