import { readFileSync, writeFileSync } from "node:fs";
import Ajv from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { jsonSchema } from "../../src/config/json-schema.ts";

const FILE = "config.schema.json";

test("config.schema.json is that of the schema in the code (UPDATE=1 writes it)", () => {
  const current = `${JSON.stringify(jsonSchema(), null, 2)}\n`;

  if (process.env["UPDATE"] === "1") writeFileSync(FILE, current);

  expect(readFileSync(FILE, "utf8")).toBe(current);
});

const validate = new Ajv.Ajv2020({ strict: false }).compile(jsonSchema());

test("an editor finds nothing wrong with the example", () => {
  const example: unknown = parse(readFileSync("config.example.yaml", "utf8"));

  const isValid = validate(example);

  expect(validate.errors ?? []).toEqual([]);
  expect(isValid).toBe(true);
});

test.each([
  ["a misspelled key", { server: { prot: 8090 } }],
  ["a port out of range", { server: { port: 80800 } }],
  ["a route without a destination", { routes: [{ match: { tone: "bad" } }] }],
  ["a test that no condition has", { routes: [{ match: { time: { min: 5 } }, send: "sales" }] }],
])("an editor marks %s", (_, broken) => {
  const example = { ...(parse(readFileSync("config.example.yaml", "utf8")) as object), ...broken };

  const isValid = validate(example);

  expect(isValid).toBe(false);
});

test("a reference may stand where a number belongs", () => {
  const example = parse(readFileSync("config.example.yaml", "utf8")) as object;

  const isValid = validate({ ...example, server: { port: "${PORT:-8090}" } });

  expect(isValid).toBe(true);
});

test("every setting is described", () => {
  const undescribed = settingsWithout("description", jsonSchema(), "");

  expect(undescribed).toEqual([]);
});

interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
}

function settingsWithout(word: "description", schema: Schema, path: string): string[] {
  const properties = Object.entries(schema.properties ?? {});
  const own = properties.filter(([, inner]) => !(word in inner) && !("$ref" in inner));
  const rest = typeof schema.additionalProperties === "object" ? [schema.additionalProperties] : [];
  const inner = [...rest, ...(schema.items ? [schema.items] : []), ...(schema.oneOf ?? [])];
  return [
    ...own.map(([name]) => `${path}.${name}`),
    ...properties.flatMap(([name, below]) => settingsWithout(word, below, `${path}.${name}`)),
    ...inner.flatMap((below) => settingsWithout(word, below, `${path}.*`)),
  ];
}
