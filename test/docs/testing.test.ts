import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { describeResults, summaryOf } from "../../src/commands/test-report.ts";
import type { ConfigError } from "../../src/config/yaml/config-error.ts";
import { findTrials } from "../../src/trials/find-trials.ts";
import { STATUSES, TrialFile } from "../../src/trials/trial-file.ts";
import { type Result, trialsIn, tryFile, updateFile } from "../../src/trials/try-file.ts";
import { exampleStage } from "../trials/stage.ts";
import { type Block, BLOCKS, blocksIn, codesIn, namesIn, rowsOf } from "./document.ts";
import { temporaryFolder } from "./folder.ts";

const PAGE = "docs/testing.md";
const stage = await exampleStage();
const shown = (info: string) => blocksIn("yaml").filter((block) => block.info === info);
const all = () => true;

test("there are tests of all sorts in the documents", () => {
  expect(shown("test").length).toBeGreaterThan(3);
  for (const info of ["test unwritten", "test failing", "test broken"])
    expect(shown(info), info).not.toEqual([]);
});

test.each(shown("test"))("$place is a file whose tests pass", async ({ text }) => {
  const results = tryFile(await trialsIn(await fileOf(text), stage), stage, all);

  expect(results).not.toEqual([]);
  expect(results.flatMap(({ failures }) => failures)).toEqual([]);
});

test.each(shown("test unwritten"))("$place is a file that --update writes", async ({ text }) => {
  const file = await fileOf(text);

  const results = await updateFile(await trialsIn(file, stage), stage, all);

  expect(results.map(({ status }) => status)).toEqual(["updated"]);
});

test.each(shown("test failing"))("$place is told as the block below it says", async (block) => {
  const file = await fileOf(block.text);

  const results = tryFile(await trialsIn(file, stage), stage, all);

  expect(textOf(results).replaceAll(file, "config.test.yaml")).toBe(textBelow(block));
});

test.each(shown("test broken"))("$place is told as the block below it says", async (block) => {
  const file = await fileOf(block.text);

  const told = trialsIn(file, stage).catch((error: ConfigError) => {
    throw new Error(`${error.message.replaceAll(file, "config.test.yaml")}\n`);
  });

  await expect(told).rejects.toHaveProperty("message", textBelow(block));
});

test("the tests that the example comes with pass, and are found with it alone", async () => {
  const found = await findTrials(resolve("config.example.yaml"));
  const elsewhere = await findTrials(resolve("config.yaml"));

  const [file = ""] = found;
  const results = tryFile(await trialsIn(file, stage), stage, all);

  expect(found).toEqual([resolve("config.example.test.yaml")]);
  expect(elsewhere).not.toContain(file);
  expect(results.length).toBeGreaterThan(4);
  expect(results.flatMap(({ failures }) => failures)).toEqual([]);
});

describe("the tables list every key, and no other:", () => {
  const { shape } = TrialFile.shape.tests.element;
  const expectations = shape.expect.unwrap().unwrap().shape;
  const message = expectations.messages.unwrap().unwrap().valueType.unwrap();

  test.each([
    ["What comes in", shape],
    ["What must come of it", expectations],
    ["Messages", message.shape],
  ])("%s", (heading, keys) => {
    const listed = namesIn(rowsOf(PAGE, heading, "key"));

    expect(listed).toEqual(Object.keys(keys));
  });

  test("every status", () => {
    const [status = []] = rowsOf(PAGE, "What must come of it", "key");

    expect(codesIn(status[1] ?? "")).toEqual([...STATUSES]);
  });
});

/** A file with the text, beside the samples that it names. */
async function fileOf(text: string): Promise<string> {
  const folder = join(await temporaryFolder(), "beside");
  await mkdir(folder);
  await symlink(resolve("samples"), join(folder, "samples"));
  const file = join(folder, "config.test.yaml");
  await writeFile(file, text);
  return file;
}

function textOf(results: readonly Result[]): string {
  const [file = ""] = results.map((one) => one.file);
  return [...describeResults(file, results), summaryOf(results), ""].join("\n");
}

function textBelow(block: Block): string | undefined {
  return BLOCKS.slice(BLOCKS.indexOf(block)).find(({ language }) => language === "text")?.text;
}
