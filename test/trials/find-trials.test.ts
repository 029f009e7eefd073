import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findTrials } from "../../src/trials/find-trials.ts";

test.each([
  {
    what: "files beside the config and in the folder tests, in order",
    files: ["config.yaml", "groups.test.yaml", "config.test.yaml", "tests/a.test.yaml"],
    found: ["config.test.yaml", "groups.test.yaml", "tests/a.test.yaml"],
  },
  {
    what: "no file that is named for another config beside it",
    files: [
      "config.yaml",
      "other.yaml",
      "third.yml",
      "config.test.yaml",
      "other.test.yaml",
      "third.test.yaml",
    ],
    found: ["config.test.yaml"],
  },
  {
    what: "no other files, and none in other folders",
    files: [
      "config.yaml",
      "test.yaml",
      "a.test.json",
      "samples/a.test.yaml",
      "tests/deep/a.test.yaml",
    ],
    found: [],
  },
])("a config's tests are $what", async ({ files, found }) => {
  const folder = await folderWith(files);

  const tests = await findTrials(join(folder, "config.yaml"));

  expect(tests.map((file) => relative(folder, file))).toEqual(found);
});

async function folderWith(files: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "bellhop-find-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const file of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), "");
  }
  return folder;
}
