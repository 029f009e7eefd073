import { existsSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { PLATFORMS } from "../../src/destinations/destination.ts";
import { DESTINATION_TYPES } from "../../src/destinations/index.ts";

const root = new URL("../../", import.meta.url);
const types = Object.entries(DESTINATION_TYPES);

function filesIn(folder: string): string[] {
  const url = new URL(folder, root);
  return existsSync(url) ? readdirSync(url) : [];
}

describe("the registry of destination types", () => {
  it("lists every folder beside it and every platform, and nothing else", () => {
    const folders = readdirSync(new URL("src/destinations/", root), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);

    expect(folders).not.toEqual([]);
    expect(Object.keys(DESTINATION_TYPES).toSorted()).toEqual(folders.toSorted());
    expect([...PLATFORMS].toSorted()).toEqual(folders.toSorted());
  });

  it.each(types)("lists %s under its own name", (name, destinationType) => {
    expect(destinationType.type).toBe(name);
  });

  it.each(types)("holds a %s with tests and fixtures", (name) => {
    expect(
      filesIn(`test/destinations/${name}/`).filter((file) => file.endsWith(".test.ts")),
    ).not.toEqual([]);
    expect(filesIn(`test/fixtures/${name}/`)).not.toEqual([]);
  });

  it.each(types)("holds a %s whose settings are described", (_name, { config }) => {
    const schema = z.toJSONSchema(config, { io: "input" });

    expect(Object.keys(schema.properties ?? {})).not.toEqual([]);
    for (const [key, property] of Object.entries(schema.properties ?? {}))
      expect(property, key).toHaveProperty("description");
  });
});
