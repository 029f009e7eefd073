import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { renderProblems } from "../../src/config/yaml/diagnostics.ts";
import { readTrials } from "../../src/trials/read-trials.ts";
import { exampleStage } from "./stage.ts";

const GALLERY = "test/fixtures/trials";
const files = readdirSync(GALLERY).filter((file) => file.endsWith(".yaml"));
const stage = await exampleStage();

test("the gallery shows at least twenty mistakes", () => {
  expect(files.length).toBeGreaterThanOrEqual(20);
});

test.each(files)("%s is told as its text says", async (file) => {
  const expected = `${GALLERY}/${file.replace(/\.yaml$/, ".txt")}`;

  const read = await readTrials(`${GALLERY}/${file}`, stage);

  const text = `${renderProblems("problems" in read ? read.problems : [])}\n`;
  if (process.env["UPDATE"] === "1") writeFileSync(expected, text);
  expect(existsSync(expected), `${expected} is missing: run the test with UPDATE=1`).toBe(true);
  expect(text).toBe(readFileSync(expected, "utf8"));
  expect(text.trim()).not.toBe("");
});
