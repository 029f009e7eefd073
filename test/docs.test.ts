import { execFile } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { CHANGE_KINDS } from "../src/core/change.ts";
import { DESTINATION_TYPES } from "../src/destinations/index.ts";
import { SOURCE_TYPES } from "../src/sources/index.ts";
import { BLOCKS, codesIn, documentAt, DOCUMENTS, namesIn, rowsOf } from "./docs/document.ts";

test("the documents are there, and every block is of a language that a test reads", () => {
  const files = DOCUMENTS.map((document) => document.file);

  const languages = new Set(BLOCKS.map((block) => block.language));

  expect(files).toEqual(
    expect.arrayContaining(["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"]),
  );
  expect([...languages].toSorted()).toEqual(["handlebars", "ini", "sh", "text", "yaml"].toSorted());
});

describe("references", () => {
  test("are there to be looked at", () => {
    expect(DOCUMENTS.flatMap(({ links }) => links).length).toBeGreaterThan(20);
    expect(DOCUMENTS.flatMap(({ codes }) => codes.filter(isPath)).length).toBeGreaterThan(20);
  });

  test.each(DOCUMENTS)("from $file to documents lead somewhere", ({ file, links }) => {
    for (const link of links.filter((one) => !one.startsWith("https://"))) {
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? file : join(dirname(file), path);

      expect(existsSync(target), link).toBe(true);
      if (anchor !== undefined) expect(documentAt(target).anchors, link).toContain(anchor);
    }
  });

  test.each(DOCUMENTS)("from $file to files in the project lead somewhere", ({ codes }) => {
    for (const path of codes.filter(isPath)) expect(existsSync(path), path).toBe(true);
  });
});

describe("the kinds of change", () => {
  const rows = rowsOf("docs/events.md", "Kinds of change", "kind");

  test("are listed all, in order", () => {
    expect(namesIn(rows)).toEqual([...CHANGE_KINDS]);
  });

  test.each(rows)(
    "show for %s a sentence that a test of the sources expects",
    (_, __, sentence) => {
      const tests = globSync("test/sources/**/*.test.ts").map((file) => readFileSync(file, "utf8"));

      expect(sentence).toMatch(/\.$/);
      expect(tests.some((text) => text.includes(sentence ?? ""))).toBe(true);
    },
  );
});

test.each([
  ["events", rowsOf("docs/events.md", "Why an event was not posted", "status")],
  ["deliveries", rowsOf("docs/api.md", "The API", "field")],
])("every status of %s is told", async (command, rows) => {
  const help = await promisify(execFile)(process.execPath, ["src/main.ts", command, "--help"]);
  const [, list = ""] = /--status <status>[^(]+\(choices:\s+([^)]+)\)/.exec(help.stdout) ?? [];

  const statuses = list.split(/,\s*/).map((status) => status.replaceAll('"', "").trim());

  expect(statuses.length).toBeGreaterThan(4);
  expect(rows.flat().flatMap(codesIn)).toEqual(expect.arrayContaining(statuses));
});

test.each([
  ["Sources", Object.keys(SOURCE_TYPES)],
  ["Destinations", Object.keys(DESTINATION_TYPES)],
])("README's %s have a row for each type", (heading, types) => {
  const listed = namesIn(rowsOf("README.md", heading, "type"));

  expect([...new Set(listed)].toSorted()).toEqual(types.toSorted());
});

/** Whether it looks like a path in the project, and is not one of the user's own. */
function isPath(code: string): boolean {
  if (/^(?:src|test|samples|docs|templates|deploy)\/[\w./-]*$/.test(code)) return true;
  return (
    /^[\w.-]+\.(?:md|json|yaml)$/.test(code) &&
    !["config.yaml", "config.test.yaml", "faults.yaml", "new.yaml"].includes(code)
  );
}
