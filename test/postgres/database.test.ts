import { describe, expect, it, onTestFinished } from "vitest";
import { freshDatabase } from "./database.ts";
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

const SLEEPING =
  "select pid from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'";

async function fresh(): Promise<string> {
  const { url, drop } = await freshDatabase();
  onTestFinished(drop);
  return url;
}
