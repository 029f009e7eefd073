import { existsSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { SOURCE_TYPES } from "../../src/sources/index.ts";
import { sampleNames } from "./samples.ts";

const root = new URL("../../", import.meta.url);
const types = Object.entries(SOURCE_TYPES);

function filesIn(folder: string): string[] {
  const url = new URL(folder, root);
  return existsSync(url) ? readdirSync(url) : [];
}

describe("the registry of source types", () => {
  it("lists every folder beside it, and nothing else", () => {
    const folders = readdirSync(new URL("src/sources/", root), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);

    expect(folders).not.toEqual([]);
    expect(Object.keys(SOURCE_TYPES).toSorted()).toEqual(folders.toSorted());
  });

  it.each(types)("lists %s under its own name", (name, sourceType) => {
    expect(sourceType.type).toBe(name);
  });

  it.each(types)("holds a %s with samples", (name) => {
    expect(sampleNames(name)).not.toEqual([]);
  });

  it.each(types)("holds a %s with tests", (name) => {
    const tests = filesIn(`test/sources/${name}/`).filter((file) => file.endsWith(".test.ts"));

    expect(tests).not.toEqual([]);
  });

  it.each(types)("holds a %s whose settings are strict and described", (_name, { config }) => {
    const { properties, additionalProperties } = z.toJSONSchema(config, { io: "input" });

    expect(additionalProperties).toBe(false);
    for (const [key, property] of Object.entries(properties ?? {}))
      expect(property, key).toHaveProperty("description");
  });
});
