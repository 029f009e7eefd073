import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Connection } from "../../src/store/sqlite/connection.ts";
import { openThreaded } from "../../src/store/sqlite/threaded.ts";

/** Takes SQLite some tenths of a second. */
const LONG = `
  with recursive numbers (number) as (select 1 union all select number + 1 from numbers where number < 2000000)
  select count(*) as count from numbers`;

describe("a database in a thread of its own", () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "bellhop-thread-"));
    file = join(folder, "a.db");
  });
  afterEach(() => rm(folder, { recursive: true }));

  const within = async (work: (connection: Connection) => Promise<void>) => {
    const connection = await openThreaded(file);
    try {
      await work(connection);
    } finally {
      await connection.close();
    }
  };

  it("runs statements in turn, and gives back rows and how many were written", () =>
    within(async (connection) => {
      const came = await Promise.all([
        connection.run("create table notes (text text, bytes blob)", []),
        connection.run("insert into notes values (?, ?), (?, ?)", [
          "a",
          Buffer.from("b"),
          "c",
          null,
        ]),
        connection.run("select * from notes order by text", []),
      ]);

      expect(came.slice(1)).toEqual([
        { rows: [], changes: 2 },
        {
          rows: [
            { text: "a", bytes: new Uint8Array(Buffer.from("b")) },
            { text: "c", bytes: null },
          ],
        },
      ]);
    }));

  it("lets everything else go on while a statement takes long", () =>
    within(async (connection) => {
      let turns = 0;
      const timer = setInterval(() => (turns += 1), 1);

      const { rows } = await connection.run(LONG, []);

      clearInterval(timer);
      expect(rows).toEqual([{ count: 2_000_000 }]);
      expect(turns).toBeGreaterThan(10);
    }));

  it("fails with what SQLite says, and goes on", () =>
    within(async (connection) => {
      await connection.run("create table notes (text text primary key)", []);
      await connection.run("insert into notes values ('a')", []);

      const again = connection.run("insert into notes values ('a')", []);

      await expect(again).rejects.toMatchObject({
        name: "SqliteError",
        code: "SQLITE_CONSTRAINT_PRIMARYKEY",
        message: "UNIQUE constraint failed: notes.text",
      });
      expect((await connection.run("select * from notes", [])).rows).toHaveLength(1);
    }));

  it("knows whether a transaction is open, also one that SQLite has ended by itself", () =>
    within(async (connection) => {
      const seen: boolean[] = [];
      const run = async (sql: string) => {
        await connection.run(sql, []).catch(() => undefined);
        seen.push(connection.isInTransaction);
      };

      await run("create table notes (text text primary key on conflict rollback)");
      await run("begin");
      await run("insert into notes values ('a')");
      await run("insert into notes values ('a')");
      await run("begin");
      await run("commit");

      expect(seen).toEqual([false, true, true, false, true, false]);
    }));

  it("is not opened where the file is none, which can then be replaced", async () => {
    await writeFile(
      file,
      "This is no database, but a text that is long enough to have a header.".repeat(20),
    );

    await expect(openThreaded(file)).rejects.toMatchObject({ code: "SQLITE_NOTADB" });
    await rm(file);

    await within(async (connection) => {
      expect((await connection.run("select 1 as one", [])).rows).toEqual([{ one: 1 }]);
    });
  });

  it("leaves nothing beside the file when it is closed", async () => {
    await within(async (connection) => {
      await connection.run("create table notes (text text)", []);
    });

    expect(await readdir(folder)).toEqual(["a.db"]);
  });
});
