import { readFile, readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Problem } from "../../src/core/problem.ts";
import { loadTemplates } from "../../src/render/templates.ts";

const gallery = fileURLToPath(new URL("../fixtures/templates/", import.meta.url));
const shipped = fileURLToPath(new URL("../../templates/", import.meta.url));

const { problems } = await loadTemplates({ own: gallery, shipped });
const expectations = (await readdir(gallery, { recursive: true }))
  .filter((file) => file.endsWith(".txt"))
  .map((file) => file.replace(/txt$/, "hbs"))
  .toSorted();

test("every wrong file of the gallery is told, and no other", () => {
  const told = new Set(problems.map(({ file }) => file.replace(gallery, "")));

  expect(expectations.length).toBeGreaterThan(60);
  expect([...told].toSorted()).toEqual(expectations);
});

test.each(expectations)("%s is told at its place, with what is wrong and the fix", async (file) => {
  const source = await readFile(gallery + file, "utf8");
  const expected = await readFile(gallery + file.replace(/hbs$/, "txt"), "utf8");

  const told = problems.filter((problem) => problem.file === gallery + file);

  expect(told.map((problem) => show(problem, source)).join("")).toBe(expected);
});

test("problems come in the order of their places", () => {
  const places = problems.map(({ file, line, column }) => [file, line, column] as const);

  const sorted = places.toSorted(
    ([fileA, lineA, columnA], [fileB, lineB, columnB]) =>
      (fileA < fileB ? -1 : Number(fileA > fileB)) || lineA - lineB || columnA - columnB,
  );

  expect(places).toEqual(sorted);
});

/** The place, what is underlined there, the path in the front matter, and the message. */
function show({ line, column, length, path, message }: Problem, source: string): string {
  const underlined = source.split("\n")[line - 1]?.slice(column - 1, column - 1 + length);
  const place = `${line}:${column} ${path}`.trimEnd();
  return `${place}\n    ${underlined}\n${message}\n`;
}
