import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { readFaults } from "../../src/commands/faults-file.ts";
import { ConfigError } from "../../src/config/yaml/config-error.ts";
import { checkConfig } from "../../src/config/load.ts";
import type { Problem } from "../../src/core/problem.ts";
import { FaultsFile } from "../../src/sandbox/faults-file.ts";
import { type Block, BLOCKS, blocksIn, codesIn, documentAt, namesIn, rowsOf } from "./document.ts";
import { temporaryFolder } from "./folder.ts";

/** Blocks of test files, which `testing.test.ts` reads. */
const TRIALS = ["test", "test unwritten", "test failing", "test broken"];

const right = blocksIn("yaml").filter((block) => block.info === "");
const broken = blocksIn("yaml").filter((block) => block.info === "broken");

test("every block of YAML is right or marked as broken, and there are all sorts of them", () => {
  const known = ["", "broken", "faults", "faults broken", "manifest", ...TRIALS];
  const others = blocksIn("yaml").filter((block) => !known.includes(block.info));

  expect(others).toEqual([]);
  expect(right.filter(isWhole)).not.toEqual([]);
  expect(right.filter((block) => !isWhole(block))).not.toEqual([]);
  expect(broken).not.toEqual([]);
});

test.each(right.filter(isWhole))("$place is a config without problems", async ({ text }) => {
  const { problems } = await check(text);

  expect(problems).toEqual([]);
});

test.each(right.filter((block) => !isWhole(block)))(
  "$place completes the example to a config without errors",
  async ({ text }) => {
    const { problems } = await check(completed(parse(text) as Parts));

    expect(problems.filter(isError)).toEqual([]);
  },
);

test.each(broken)("$place is told as the block below it says", async (block) => {
  const below = BLOCKS[BLOCKS.indexOf(block) + 1];

  const { text } = await check(block.text);

  expect(below?.language).toBe("text");
  expect(`${text}\n`).toBe(below?.text);
});

describe("of the faults for a sandbox", () => {
  const faults = blocksIn("yaml").filter(({ info }) => info === "faults");
  const brokenFaults = blocksIn("yaml").filter(({ info }) => info === "faults broken");
  const settings = ["Faults", "Which requests", "When"].map((heading) =>
    rowsOf("docs/rehearsing.md", heading, heading === "Faults" ? "fault" : "setting"),
  );

  test("there are some, right and broken", () => {
    expect(faults).not.toEqual([]);
    expect(brokenFaults).not.toEqual([]);
  });

  test.each(faults)("$place is a file without mistakes", async ({ text }) => {
    await expect(faultsIn(text)).resolves.toBeDefined();
  });

  test.each(brokenFaults)("$place is told as the block below it says", async (block) => {
    const below = BLOCKS.slice(BLOCKS.indexOf(block)).find(({ language }) => language === "text");

    const told = faultsIn(block.text);

    await expect(told).rejects.toHaveProperty("message", below?.text.trimEnd());
  });

  test("the tables list every fault and setting, and no other", () => {
    const [table = [], ...others] = settings;
    const options = FaultsFile.shape.rules.element.options.map(({ shape }) => shape);

    const own = table.flatMap(([, , cell = ""]) => codesIn(cell));
    const listed = new Set([...own, ...others.flatMap(namesIn), "fault"]);

    expect(namesIn(table)).toEqual(options.flatMap(({ fault }) => [...fault.values]));
    expect([...listed].filter((name) => name !== "none").toSorted()).toEqual(
      [...new Set(options.flatMap((shape) => Object.keys(shape)))].toSorted(),
    );
  });
});

describe("the table of conditions", () => {
  const conditions = namesIn(rowsOf("docs/routes.md", "Match", "condition"));

  test.each(conditions)("has %s, which a route may have", async (condition) => {
    const match: unknown = parse(condition);

    const { problems } = await check(completed({ routes: [{ match, send: "sales" }] }));

    expect(problems.filter(isError)).toEqual([]);
  });

  test("shows every test that there is, and no other", () => {
    const shown = conditions.flatMap((condition) =>
      Object.values(parse(condition) as object).flatMap((value: unknown) =>
        typeof value === "object" && value !== null && !Array.isArray(value)
          ? Object.keys(value)
          : [],
      ),
    );

    expect([...new Set(shown)].toSorted()).toEqual(testsIn(SCHEMA).toSorted());
  });
});

test("the tables list every setting of the config's schema, and no other", () => {
  const pages = ["docs/configuration.md", "docs/routes.md"];
  const tables = pages.flatMap((page) => documentAt(page).tables);

  const keys = tables
    .filter(({ header }) => header[0] === "key")
    .flatMap(({ rows }) => namesIn(rows));

  expect(keys.toSorted()).toEqual([...new Set(settingsIn(SCHEMA, ""))].toSorted());
});

type Parts = Readonly<Record<string, object>>;

function isWhole(block: Block): boolean {
  const keys = Object.keys(parse(block.text) as Parts);
  return ["sources", "destinations", "routes"].every((key) => keys.includes(key));
}

/** The example with the parts that a fragment shows. */
function completed(fragment: Parts): string {
  const example = parse(readFileSync("config.example.yaml", "utf8")) as Parts;
  return stringify({
    ...example,
    ...fragment,
    sources: { ...example["sources"], ...fragment["sources"] },
    destinations: { ...example["destinations"], ...fragment["destinations"] },
  });
}

const ENV = {
  POLAR_WEBHOOK_SECRET: "polar secret",
  POLAR_OLD_WEBHOOK_SECRET: "older polar secret",
  PLAIN_SIGNING_SECRET: "plain secret",
  SLACK_BOT_TOKEN: "xoxb-token",
  DISCORD_BOT_TOKEN: "discord-token",
  BELLHOP_DB_PASSWORD: "database-password",
  OPS_SLACK_WEBHOOK_URL: "https://hooks.slack.com/services/T00000000/B00000000/abcdefgh",
  DISCORD_WEBHOOK_URL: "https://discord.com/api/webhooks/1099414111111111111/abcdefgh",
};

async function check(text: string) {
  const folder = await temporaryFolder();
  const file = join(folder, "config.yaml");
  await writeFile(file, text);
  await writeFile(join(folder, "plain-signing-secret"), "a secret\n");
  await writeFile(join(folder, "postgres-ca.pem"), "a certificate\n");
  const checked = await checkConfig(file, ENV);
  return { ...checked, text: checked.text.replaceAll(file, "config.yaml") };
}

async function faultsIn(text: string) {
  const file = join(await temporaryFolder(), "faults.yaml");
  await writeFile(file, text);
  return readFaults(file, {}).catch((error: ConfigError) => {
    throw new ConfigError(error.message.replaceAll(file, "faults.yaml"), error.problems);
  });
}

function isError({ severity }: Problem): boolean {
  return severity === "error";
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly $defs?: Readonly<Record<string, Schema>>;
}

const SCHEMA = JSON.parse(readFileSync("config.schema.json", "utf8")) as Schema;

/** The paths of all settings, as the documents write them: `sources.<name>.type`, `routes[].send`. */
function settingsIn(schema: Schema, path: string): string[] {
  const { properties = {}, items } = schema;
  const named = Object.entries(properties).flatMap(([name, below]) =>
    settingsIn(below, path === "" ? name : `${path}.${name}`),
  );
  const types = (entriesOf(schema)?.oneOf ?? []).flatMap((one) =>
    settingsIn(one, `${path}.<name>`),
  );
  const listed = items?.properties === undefined ? [] : settingsIn(items, `${path}[]`);
  // The setting by itself, or as a group of others.
  const either = (schema.anyOf ?? []).filter((one) => one.properties !== undefined);
  const grouped = either.flatMap((one) => [path, ...settingsIn(one, path)]);
  const all = [...named, ...types, ...listed, ...grouped];
  return all.length === 0 ? [path] : all;
}

/** The names of the tests that a condition may hold. */
function testsIn(schema: Schema): string[] {
  if (schema.properties?.["gte"] !== undefined) return Object.keys(schema.properties);
  const { $defs = {}, anyOf = [] } = schema;
  const entries = entriesOf(schema);
  const inner = [...Object.values($defs), ...anyOf, ...(entries === undefined ? [] : [entries])];
  return inner.flatMap(testsIn);
}

/** What the entries of a map with free names must be. */
function entriesOf({ additionalProperties }: Schema): Schema | undefined {
  return typeof additionalProperties === "object" ? additionalProperties : undefined;
}
