import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { cycles, objection, roomOf, target } from "./architecture/arrows.ts";
import { ROOMS } from "./architecture/rooms.ts";
import { readSource } from "./architecture/source-file.ts";

const SRC = new URL("../src/", import.meta.url);

const FILES = globSync("**/*.ts", { cwd: SRC })
  .map((path) => path.replaceAll("\\", "/"))
  .toSorted()
  .map((path) => ({ path, ...readSource(readFileSync(new URL(path, SRC), "utf8")) }));

const CORE = FILES.filter(({ path }) => roomOf(path) === "core");

describe("the house", () => {
  it("has been looked at", () => {
    const rooms = new Set(FILES.map(({ path }) => roomOf(path)));

    expect(FILES.length).toBeGreaterThanOrEqual(100);
    expect(CORE.length).toBeGreaterThanOrEqual(10);
    expect([...rooms]).toEqual(
      expect.arrayContaining(Object.keys(ROOMS).filter((room) => !room.endsWith("/*"))),
    );
  });

  it("has arrows that point one way", () => {
    const arrows = new Map<string, Set<string>>();
    for (const { path, imports } of FILES)
      for (const found of imports) {
        const [from, to] = [roomOf(path) ?? path, roomOf(target(path, found) ?? "")];
        if (to !== undefined && to !== from)
          arrows.set(from, (arrows.get(from) ?? new Set()).add(to));
      }

    expect(arrows.size).toBeGreaterThanOrEqual(10);
    expect(cycles(arrows)).toEqual([]);
  });
});

describe("every file", () => {
  it.each(FILES)("imports only what its room may: $path", ({ path, imports }) => {
    const objections = imports.flatMap((found) => objection(path, found) ?? []);

    expect(objections).toEqual([]);
  });

  it("has a sentence above each export", () => {
    const exports = FILES.flatMap((file) =>
      file.exports.map(({ name, docstring }) => ({ place: `${file.path}: ${name}`, docstring })),
    );
    const without = exports.filter(({ docstring }) => !/\.(\s|$)/.test(docstring ?? ""));

    expect(exports.length).toBeGreaterThanOrEqual(200);
    expect(without.map(({ place }) => place)).toEqual([]);
  });

  it("is named for its idea, in kebab-case", () => {
    const names = FILES.flatMap(({ path }) => path.replace(/\.ts$/, "").split("/"));

    expect(names.filter((name) => !KEBAB_CASE.test(name))).toEqual([]);
    expect(names.filter((name) => GRAB_BAGS.has(name))).toEqual(["helpers"]);
    expect(FILES.map(({ path }) => path)).toContain("render/helpers.ts");
  });
});

const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** No ideas; but a file of Handlebars helpers is one. */
const GRAB_BAGS = new Set("util utils helper helpers lib common interfaces misc".split(" "));

describe("the core", () => {
  it("gets time, ids and randomness as arguments", () => {
    const own = CORE.flatMap(({ path, surroundings }) =>
      surroundings.map((one) => `${path}: ${one}`),
    );

    expect(own).toEqual([]);
  });
});

describe("the table of rooms", () => {
  it.each([
    ["a package in the core", "core/text.ts", "zod", ["z"]],
    ["Node in the core", "core/id.ts", "node:crypto", ["randomUUID"]],
    ["anything above the core in it", "core/route.ts", "../store/store.ts", ["Store"]],
    ["another plug-in", "sources/polar/diff.ts", "../plain/index.ts", ["plain"]],
    ["another plug-in of a new folder", "sources/new/diff.ts", "../polar/index.ts", ["polar"]],
    ["another platform's SDK", "destinations/slack/bot.ts", "discord.js", ["REST"]],
    ["a registry in a plug-in", "sources/polar/index.ts", "../index.ts", ["SOURCE_TYPES"]],
    ["the inside of a plug-in", "sources/index.ts", "./polar/diff.ts", ["diff"]],
    ["a plug-in in the pipeline", "pipeline/intake.ts", "../sources/polar/index.ts", ["polar"]],
    ["a registry in the pipeline", "pipeline/intake.ts", "../sources/index.ts", ["SOURCE_TYPES"]],
    ["a store that is not the contract", "pipeline/worker.ts", "../store/open.ts", ["open"]],
    ["more than the platforms", "render/engine.ts", "../destinations/destination.ts", ["Request"]],
    ["a part of Node beside the one", "sources/payload.ts", "node:fs", ["readFile"]],
    ["a package whose name begins alike", "store/read.ts", "kysely-plus", ["sql"]],
    ["the bridge in the server", "server/app.ts", "../bridge.ts", ["startBridge"]],
    ["anything from a new folder", "lib/pad.ts", "../core/text.ts", ["pad"]],
    ["anything of a new folder", "core/text.ts", "../lib/pad.ts", ["pad"]],
    ["what only shows at run time", "commands/demo.ts", null, ["*"]],
  ])("refuses %s", (_case, file, from, names) => {
    expect(objection(file, { from, names })).toMatch(/\.$/);
  });

  it.each([
    ["its own room", "sources/polar/index.ts", "./diff.ts", ["diff"]],
    ["its own room from below", "store/migrations/index.ts", "../literals.ts", ["literal"]],
    ["a plug-in's entry in its registry", "sources/index.ts", "./polar/index.ts", ["polar"]],
    ["a package's part", "store/migrate.ts", "kysely/migration", ["Migrator"]],
    ["the contracts in the pipeline", "pipeline/intake.ts", "../store/store.ts", ["Store"]],
    [
      "the platforms in the renderer",
      "render/piece.ts",
      "../destinations/destination.ts",
      ["Platform"],
    ],
  ])("allows %s", (_case, file, from, names) => {
    expect(objection(file, { from, names })).toBeUndefined();
  });

  it("finds rooms that import each other", () => {
    const arrows = new Map([
      ["a", new Set(["b", "d"])],
      ["b", new Set(["c"])],
      ["c", new Set(["b"])],
      ["d", new Set(["c"])],
    ]);

    expect(cycles(arrows)).toEqual(["b → c → b"]);
  });
});
