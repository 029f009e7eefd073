import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSqlite } from "../../src/store/sqlite/open.ts";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "bellhop-store-"));
});

afterEach(() => rm(folder, { recursive: true }));

test("a file that is no database is refused in a sentence, and may be replaced at once", async () => {
  const path = join(folder, "notes.txt");
  await writeFile(path, "These are notes and no database.".repeat(100));

  const refused = openSqlite(path);

  await expect(refused).rejects.toMatchObject({
    code: "store-unusable",
    message: expect.stringContaining(`The store ${path} cannot be opened`),
    hint: expect.stringContaining("something else than a store"),
  });
  await rm(path);
  await (await openSqlite(path)).close();
});

test("a folder is refused in a sentence", async () => {
  const path = join(folder, "data");
  await mkdir(path);

  const refused = openSqlite(path);

  await expect(refused).rejects.toMatchObject({ code: "store-unusable" });
});
