import { describe, expect, it, onTestFinished } from "vitest";
import { freshDatabase, freshStore } from "./database.ts";
import { query } from "./query.ts";

describe("a fresh database", () => {
  it("is of a PostgreSQL that we support", async () => {
    const url = await fresh();

    const [row] = await query(url, "show server_version_num");

    expect(Number(row?.["server_version_num"])).toBeGreaterThanOrEqual(150_000);
  });

  it("is empty", async () => {
    const url = await fresh();

    const tables = await query(url, "select tablename from pg_tables where schemaname = 'public'");

    expect(tables).toEqual([]);
  });

  it("is apart from the next", async () => {
    const [one, other] = [await fresh(), await fresh()];
    await query(one, "create table only_here ()");

    const found = await query(other, "select to_regclass('only_here') as table");

    expect(found).toEqual([{ table: null }]);
  });

  it("is gone once it is dropped, whoever is connected", async () => {
    const { url, drop } = await freshDatabase();
    const waiting = expect(query(url, "select pg_sleep(60)")).rejects.toMatchObject({
      code: "57P01",
    });
    await expect.poll(() => query(url, SLEEPING)).toHaveLength(1);

    await drop();

    await waiting;
    await expect(query(url, "select 1")).rejects.toMatchObject({ code: "3D000" });
  });
});

describe("a fresh store", () => {
  it("has the tables that a bridge makes, and nothing in them that the one before was given", async () => {
    const before = await freshStore();
    onTestFinished(before.drop);
    await query(before.url, "insert into accounts (id, not_before, failures) values ('a', 0, 0)");

    const { url, drop } = await freshStore();
    onTestFinished(drop);

    expect(await query(url, "select * from accounts")).toEqual([]);
    expect(await query(url, "select oldest from compatibility")).toHaveLength(1);
  });
});

const SLEEPING =
  "select pid from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'";

async function fresh(): Promise<string> {
  const { url, drop } = await freshDatabase();
  onTestFinished(drop);
  return url;
}
