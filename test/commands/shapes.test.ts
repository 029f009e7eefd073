import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { sampleFacts } from "../../src/commands/shapes/sample-facts.ts";
import { type SourceShape, sourceShape } from "../../src/commands/shapes/source-shape.ts";
import { CHANGE_KINDS, TONES } from "../../src/core/change.ts";
import { FACTS_SHAPE, shapeAt } from "../../src/core/shape.ts";
import { SOURCE_TYPES } from "../../src/sources/index.ts";
import { run } from "../end-to-end/process.ts";

const TYPES = Object.keys(SOURCE_TYPES) as (keyof typeof SOURCE_TYPES)[];
const bellhop = (...args: string[]) => run(args, tmpdir(), { COLUMNS: "200" });

describe.each(TYPES)("the shape of %s", (type) => {
  it("has only paths that an event can have, each once", async () => {
    const { paths } = await sourceShape(type);

    const names = paths.map(({ path }) => path);

    expect(names.length).toBeGreaterThan(50);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => shapeAt(FACTS_SHAPE, name.split(".")) === undefined)).toEqual([]);
  });

  it("has for each path an example that is really in what the samples come to", async () => {
    const { paths } = await sourceShape(type);
    const facts = await sampleFacts(type);

    const examples = paths.filter(({ example }) => example !== null);

    expect(examples.length).toBeGreaterThan(40);
    for (const { path, example } of examples)
      expect(JSON.stringify(valuesAt(facts, path.split("."))), path).toContain(
        JSON.stringify(example),
      );
  });

  it("has every path whose value is in what the samples come to", async () => {
    const { paths } = await sourceShape(type);
    const named = new Set(paths.map(({ path }) => path));

    const met = (await sampleFacts(type)).flatMap((facts) => pathsIn(facts, ""));

    expect(met.length).toBeGreaterThan(100);
    expect([...new Set(met)].filter((path) => !named.has(path))).toEqual([]);
  });

  it("tells the kinds of change that its source can bring about, the most telling first", async () => {
    const { kinds, tones } = await sourceShape(type);
    const seen = (await sampleFacts(type)).flatMap(({ changes }) =>
      changes.map(({ kind }) => kind),
    );

    const names = kinds.map(({ kind }) => kind);

    expect(names).toEqual(CHANGE_KINDS.filter((kind) => names.includes(kind)));
    expect(names).toEqual(expect.arrayContaining([...new Set(seen), "event.received"]));
    expect(tones).toEqual(TONES);
  });
});

describe("bellhop shapes", () => {
  it("lists paths, what is there, an example, and the kinds of change", async () => {
    const { code, out } = await bellhop("shapes", "polar");

    expect(code).toBe(0);
    expect(out).toMatch(/^ {2}subscription\.amount +number +4900$/m);
    expect(out).toMatch(/^ {2}customer\.label +text +Ada Lindqvist$/m);
    expect(out).toMatch(/^ {2}changes\.tone +text +info, good, warning, bad$/m);
    expect(out).toMatch(/^ {2}changes\.subscription +object +as subscription$/m);
    expect(out).toMatch(/^ {2}meter\.changed +with meter.+only with meters: all$/m);
    expect(out).not.toContain("group.added");
    expect(out).not.toContain("data.data");
  });

  it("lists both sources unless one is named", async () => {
    const { out } = await bellhop("shapes");

    expect(out).toContain("What routes and templates see of polar");
    expect(out).toContain("What routes and templates see of plain");
  });

  it("lists what is below a path, in payloads too, as the samples have them", async () => {
    const { out } = await bellhop("shapes", "polar", "data");

    expect(out).toMatch(/^ {2}data\.data\.billing_reason +text +subscription_update$/m);
    expect(out).toMatch(/^ {2}data\.data\.active_subscriptions\.amount +number +4900$/m);
    expect(out).not.toContain("customer.label");
  });

  it("prints JSON", async () => {
    const { out } = await bellhop("shapes", "plain", "group", "--json");

    const { sources } = JSON.parse(out) as { sources: SourceShape[] };
    expect(sources).toMatchObject([{ source: "plain", kinds: [{ kind: "group.added" }, {}, {}] }]);
    expect(sources[0]?.paths.map(({ path }) => path)).toEqual([
      "group",
      "group.id",
      "group.key",
      "group.name",
      "group.color",
    ]);
  });

  it.each([
    [["plaid"], /no source type called "plaid"\. Did you mean "plain"\?/],
    [["polar", "subscription.amuont"], /Did you mean "subscription\.amount"\?/],
    [["plain", "subscription"], /No event of plain has "subscription"/],
    [["plain", "changes.before.name"], /No event of plain has "changes\.before\.name"/],
    [
      ["plain", "customer.metadata.tier"],
      /No sample of plain has "customer\.metadata\.tier".*\n.*what is in customer\.metadata comes from plain as it is/,
    ],
    [
      ["polar", "data.data.payment"],
      /No sample of polar.*\n.*what is in data comes from polar as it is/,
    ],
  ])("refuses %s", async (args, reason) => {
    const { code, err } = await bellhop("shapes", ...args);

    expect(code).toBe(2);
    expect(err).toMatch(reason);
  });
});

/** The values at a path, through lists of objects. */
function valuesAt(value: unknown, [name, ...rest]: readonly string[]): unknown[] {
  if (name === undefined) return [value];
  if (Array.isArray(value)) return value.flatMap((one) => valuesAt(one, [name, ...rest]));
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return [];
  return valuesAt((value as Record<string, unknown>)[name], rest);
}

/** The paths of all values, through lists of objects; what is empty has none. */
function pathsIn(value: unknown, path: string): string[] {
  if (value === null || typeof value === "function") return [];
  if (Array.isArray(value) && value.length === 0) return [];
  if (Array.isArray(value) && value.some((one) => typeof one === "object"))
    return value.flatMap((one) => pathsIn(one, path));
  if (typeof value !== "object" || Array.isArray(value)) return [path];
  return Object.entries(value).flatMap(([name, below]) =>
    pathsIn(below, path === "" ? name : `${path}.${name}`),
  );
}
