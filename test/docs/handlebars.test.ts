import { globSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { expect, test } from "vitest";
import type { JsonObject } from "../../src/core/json.ts";
import { FACTS_SHAPE, type Shape } from "../../src/core/shape.ts";
import { PLATFORMS } from "../../src/destinations/destination.ts";
import type { Templates } from "../../src/render/rendered.ts";
import { loadTemplates } from "../../src/render/templates.ts";
import { factsFor } from "../render/facts.ts";
import { blocksIn, documentAt, namesIn, rowsOf } from "./document.ts";
import { temporaryFolder } from "./folder.ts";

const PAGE = "docs/templates.md";
const payload = JSON.parse(readFileSync("samples/polar/order-paid.json", "utf8")) as JsonObject;
const facts = factsFor({ payload });

test("there are templates in the documents", () => {
  expect(blocksIn("handlebars").length).toBeGreaterThan(4);
});

test.each(blocksIn("handlebars"))("$info at $place is a template that works", async (block) => {
  const [name = "", variant] = block.info.replace(/\.hbs$/, "").split(/\.(?=slack$|discord$)/);
  const platforms = PLATFORMS.filter((one) => variant === undefined || one === variant);

  const templates = await load({ [block.info]: block.text });

  expect(templates.problems).toEqual([]);
  for (const platform of platforms) {
    const rendered = templates.render(name, facts, platform);
    expect(rendered.template).toBe(name);
    expect(rendered.failure).toBeUndefined();
  }
});

test("every key of a front matter that is listed is one", async () => {
  const keys = namesIn(rowsOf(PAGE, "The two parts", "key"));
  const files = keys.map((key) => {
    const variant = { blocks: ".slack", embeds: ".discord" }[key] ?? "";
    return [`${key}${variant}.hbs`, `---\n${key}:\n---\n`];
  });

  const templates = await load(Object.fromEntries(files));

  expect(keys.length).toBeGreaterThan(8);
  expect(templates.problems).toEqual([]);
});

test("every name that a template sees is listed, and no other", () => {
  const names = namesIn(rowsOf(PAGE, "What a template sees", "name"));

  expect(names.toSorted()).toEqual(
    [...leavesOf(FACTS_SHAPE, []), "change", "subscription", "benefit", "group"].toSorted(),
  );
});

test("the templates and partials that come along are told of", () => {
  const { codes } = documentAt(PAGE);

  const names = globSync("templates/**/*.hbs").map((file) => basename(file, ".hbs"));

  expect(names.length).toBeGreaterThan(5);
  expect(codes).toEqual(expect.arrayContaining(names));
});

/** The templates of a folder that holds the files, beside those that ship. */
async function load(files: Readonly<Record<string, string>>): Promise<Templates> {
  const folder = await temporaryFolder();
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return loadTemplates({ own: folder, shipped: resolve("templates") });
}

/** The paths behind which no names lie; what an event and its first change share is told of the event. */
function leavesOf(shape: Shape, path: readonly string[]): string[] {
  const name = path.join(".");
  const isShared = ["change.subscription", "change.benefit", "change.group"].includes(name);
  if (shape.type !== "object" || isShared) return [name];
  return Object.entries(shape.fields).flatMap(([key, below]) => leavesOf(below, [...path, key]));
}
