import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { Kysely } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sqliteDialect } from "../../src/store/sqlite/dialect.ts";

interface Tables {
  notes: { text: string };
}

describe("a transaction on SQLite", () => {
  let folder: string;
  let database: Database.Database;
  let db: Kysely<Tables>;
  let statements: string[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "bellhop-dialect-"));
    statements = [];
    database = new Database(join(folder, "a.db"), {
      timeout: 0,
      verbose: (statement) => statements.push(String(statement)),
    });
    database.pragma("journal_mode = WAL");
    database.exec("create table notes (text text)");
    db = new Kysely<Tables>({ dialect: sqliteDialect(database) });
  });
  afterEach(async () => {
    await db.destroy();
    await rm(folder, { recursive: true });
  });

  const write = (text: string) =>
    db.transaction().execute((trx) => trx.insertInto("notes").values({ text }).execute());
  const begins = () => statements.filter((one) => one === "begin immediate").length;
  const texts = async () =>
    (await db.selectFrom("notes").select("text").execute()).map((one) => one.text);

  it("says that the disk is full, and works again when it is not", async () => {
    const pages = Number(database.pragma("page_count", { simple: true }));
    database.pragma(`max_page_count = ${pages}`);

    const full = write("x".repeat(100_000));

    await expect(full).rejects.toMatchObject({ code: "SQLITE_FULL" });
    database.pragma("max_page_count = 1000000");
    await write("after");
    expect(await texts()).toEqual(["after"]);
  });

  it("says that the disk is read-only, and works again when it is not", async () => {
    database.pragma("query_only = on");

    const readOnly = write("no");

    await expect(readOnly).rejects.toMatchObject({ code: "SQLITE_READONLY" });
    database.pragma("query_only = off");
    await write("after");
    expect(await texts()).toEqual(["after"]);
  });

  it("waits for another program that writes, while everything else goes on", async () => {
    const other = new Database(join(folder, "a.db"));
    other.exec("begin immediate");

    const waiting = write("ours");
    for (let turns = 0; turns < 20; turns += 1)
      await new Promise((resolve) => setTimeout(resolve, 1));
    other.exec("insert into notes values ('theirs')");
    other.exec("commit");
    await waiting;

    expect(await texts()).toEqual(["theirs", "ours"]);
    other.close();
  });

  it("gives up on another program that never ends, and works again when it does", async () => {
    const other = new Database(join(folder, "a.db"));
    other.exec("begin immediate");

    const waiting = write("ours");

    await expect(waiting).rejects.toMatchObject({ code: "SQLITE_BUSY" });
    other.close();
    await write("after");
    expect(await texts()).toEqual(["after"]);
  });

  it("waits for it no longer than once, however many stand in line, and as long again for the next one", async () => {
    const other = new Database(join(folder, "a.db"));
    other.exec("begin immediate");

    const inLine = ["one", "two", "three", "four"].map(write);
    await expect(inLine[0]).rejects.toMatchObject({ code: "SQLITE_BUSY" });
    const before = begins();
    const rest = await Promise.allSettled(inLine.slice(1));
    const tries = begins() - before;
    other.exec("commit");
    await write("between");
    other.exec("begin immediate");
    const waiting = write("after");
    while (begins() < before + tries + 3) await new Promise((resolve) => setTimeout(resolve, 1));
    other.exec("commit");
    await waiting;

    expect(rest.map((one) => one.status)).toEqual(["rejected", "rejected", "rejected"]);
    // The second of them may have begun before the first one was heard of.
    expect(tries).toBeLessThanOrEqual(3);
    expect(await texts()).toEqual(["between", "after"]);
    other.close();
  });

  it("keeps nothing of one that failed, tables included", async () => {
    const failed = db.transaction().execute(async (trx) => {
      await trx.schema.createTable("more").addColumn("a", "text").execute();
      throw new Error("no");
    });

    await expect(failed).rejects.toThrow("no");
    expect(database.prepare("select name from sqlite_schema").all()).toEqual([{ name: "notes" }]);
  });

  it("begins anew where an earlier one could not even be rolled back", async () => {
    database.exec("begin; insert into notes values ('left behind')");

    await write("after");

    expect(await texts()).toEqual(["after"]);
  });
});
