import { readFileSync, writeFileSync } from "node:fs";
import Ajv from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { CHANGE_KINDS } from "../../../src/core/change.ts";
import { jsonSchema } from "../../../src/config/schema/json-schema.ts";

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

const KEYS = keysIn(jsonSchema(), "");

test("every key that a file can have is described in a sentence", () => {
  const undescribed = KEYS.filter(({ schema }) => schema.description?.endsWith(".") !== true);

  expect(KEYS.length).toBeGreaterThan(100);
  expect(undescribed.map(({ path }) => path)).toEqual([]);
});

test("every choice is told in the description of its key", () => {
  const choices = KEYS.map(({ path, schema }) => ({
    path,
    description: schema.description,
    values: (schema.anyOf ?? []).flatMap((one) => one.enum ?? []),
  })).filter(({ values }) => values.length > 0);

  expect(choices.length).toBeGreaterThan(2);
  for (const { path, description, values } of choices)
    for (const value of values) expect(description, path).toContain(`\`${String(value)}\``);
});

test("every default and example is one that the schema takes", () => {
  const shown = KEYS.flatMap(({ path, schema }) =>
    [...(schema.examples ?? []), ...("default" in schema ? [schema.default] : [])].map((value) => ({
      path,
      value,
      isRight: accepts(schema, value),
    })),
  );

  expect(shown.length).toBeGreaterThan(40);
  expect(shown.filter(({ isRight }) => !isRight)).toEqual([]);
});

test("an editor completes the paths of a match, and the kinds of change", () => {
  const paths = new Map(KEYS.map(({ path, schema }) => [path.split("/").at(-1), schema]));

  expect(paths.get("changes.kind")?.examples).toEqual([...CHANGE_KINDS]);
  expect(paths.has("changes.subscription.amount")).toBe(true);
  expect(paths.has("customer.metadata")).toBe(true);
});

interface Schema {
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly $ref?: string;
}

interface Key {
  /** Keys with `/` between them, since those of a match have dots. */
  readonly path: string;
  /** With what it refers to, where it says less itself. */
  readonly schema: Schema;
}

/** Every key of objects anywhere in a schema, those that are defined apart included. */
function keysIn(schema: Schema, path: string): Key[] {
  const { properties = {}, additionalProperties: rest, items, oneOf = [], anyOf = [] } = schema;
  const named = Object.entries(properties).flatMap(([name, below]) => [
    { path: `${path}/${name}`, schema: { ...definitionOf(below), ...below } },
    ...keysIn(below, `${path}/${name}`),
  ]);
  const apart = Object.entries(schema.$defs ?? {}).flatMap(([name, one]) =>
    keysIn(one, `#${name}`),
  );
  const inner = [...oneOf, ...anyOf, ...(typeof rest === "object" ? [rest] : [])];
  return [
    ...named,
    ...apart,
    ...(items === undefined ? [] : keysIn(items, `${path}/*`)),
    ...inner.flatMap((one) => keysIn(one, `${path}/*`)),
  ];
}

function definitionOf({ $ref = "" }: Schema): Schema {
  let found: unknown = $ref === "" ? {} : jsonSchema();
  for (const name of $ref.split("/").slice(1)) found = (found as Record<string, unknown>)[name];
  return found as Schema;
}

function accepts(schema: Schema, value: unknown): boolean {
  const { $ref: _, ...own } = schema;
  const refers = JSON.stringify(own).includes("#/$defs/");
  const whole = refers ? { ...own, $defs: (jsonSchema() as Schema).$defs } : own;
  return new Ajv.Ajv2020({ strict: false }).validate(whole, value);
}
