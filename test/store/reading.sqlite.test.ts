import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSqlite } from "../../src/store/sqlite/open.ts";
import { openSqliteReading } from "../../src/store/sqlite/reading.ts";
import { arrived } from "./rows.ts";

describe("a file that is read", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "bellhop-reading-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("lets the bridge write, and the write-ahead log begin anew, between two portions", async () => {
    const path = join(folder, "bellhop.db");
    const store = await openSqlite(path);
    const reading = await openSqliteReading(path);
    await store.enqueue(Array.from({ length: 300 }, (_, at) => arrived(`k${at}`)));
    const outcomes: object[] = [];

    for await (const portion of reading.events({ since: 0, until: Number.MAX_SAFE_INTEGER })) {
      await store.enqueue([arrived(`after ${portion[0]?.seq}`)]);
      const other = new Database(path);
      outcomes.push(...(other.pragma("wal_checkpoint(TRUNCATE)") as object[]));
      other.close();
    }
    await reading.close();
    await store.close();

    expect(outcomes).toEqual([
      { busy: 0, log: 0, checkpointed: 0 },
      { busy: 0, log: 0, checkpointed: 0 },
    ]);
  });

  it("is told when there is no file, and none is made", async () => {
    const path = join(folder, "none.db");

    await expect(openSqliteReading(path)).rejects.toMatchObject({
      code: "store-missing",
      message: expect.stringContaining(path),
      hint: expect.stringContaining("`store`"),
    });
    await expect(openSqliteReading(join(folder, "no", "folder.db"))).rejects.toMatchObject({
      code: "store-missing",
    });
    expect(existsSync(path)).toBe(false);
  });

  it("is told when the file is something else", async () => {
    const path = join(folder, "notes.txt");
    await writeFile(path, "These are notes and no database.".repeat(100));

    await expect(openSqliteReading(path)).rejects.toMatchObject({ code: "store-unreadable" });
  });
});
