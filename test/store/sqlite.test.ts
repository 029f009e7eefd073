import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSqlite } from "../../src/store/sqlite/open.ts";
import { storeConformance } from "./conformance.ts";

describe("SQLite in memory", () => {
  storeConformance(() => openSqlite(":memory:"));
});

describe("SQLite on disk", () => {
  let folder: string;
  let count = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "bellhop-store-"));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  storeConformance(() => openSqlite(join(folder, `${++count}.db`)));

  it("makes the folder that the file lies in", async () => {
    const store = await openSqlite(join(folder, "a", "b", "bellhop.db"));

    await expect(store.ping()).resolves.toBeUndefined();
    await store.close();
  });

  it("refuses a second bridge on the same file, and lets it in once the first has ended", async () => {
    const path = join(folder, "shared.db");
    const first = await openSqlite(path);

    await expect(openSqlite(path)).rejects.toMatchObject({ code: "store-in-use" });
    await first.close();
    const second = await openSqlite(path);

    await second.close();
  });

  it("tries an account again at once when the bridge died while it was trying it", async () => {
    const path = join(folder, "probe.db");
    const store = await openSqlite(path);
    const account = { lane: "slack:a/C1", account: "slack:a" };
    const take = { ...account, now: 1, owner: "bridge-1", leaseMs: 120_000 };
    const held = await store.reserve(take);
    if (!("owner" in held)) throw new Error("The lane is not free.");
    const limited = { notBefore: 2, askedUntil: 2, failures: 1, parked: null };
    const lane = { notBefore: 1, askedUntil: 0, failures: 0, parked: null };
    await store.release(held, { lane, account: limited, platform: "fails", at: 1 });
    const first = await store.reserve({ ...take, now: 2 });
    const second = await store.reserve({ ...take, lane: "slack:a/C2", now: 3 });
    await store.close();

    const again = await openSqlite(path);
    const probe = await again.reserve({ ...take, lane: "slack:a/C2", now: 4, owner: "bridge-2" });
    await again.close();

    expect(first).toMatchObject({ accountFailures: 1 });
    expect(second).toEqual({ openAt: null });
    expect(probe).toMatchObject({ owner: "bridge-2", accountFailures: 1 });
  });

  it("commits to disk before it answers", async () => {
    const path = join(folder, "durable.db");
    const store = await openSqlite(path);
    await store.close();

    const database = new Database(path);

    expect(database.pragma("journal_mode", { simple: true })).toBe("wal");
    database.close();
  });

  it("finds unprocessed events and waiting deliveries through its indexes", async () => {
    const path = join(folder, "plans.db");
    await (await openSqlite(path)).close();
    const database = new Database(path);
    const plan = (query: string) =>
      (database.prepare(`explain query plan ${query}`).all() as { detail: string }[])
        .map((row) => row.detail)
        .join("; ");

    expect(plan("select * from events where status = 'stored' order by seq limit 10")).toContain(
      "events_status",
    );
    expect(
      plan(
        "select * from deliveries where lane = 'a' and status in ('pending', 'sending') order by seq limit 1",
      ),
    ).toContain("deliveries_waiting");
    database.close();
  });

  it("says which file it cannot use", async () => {
    const path = join(folder, "durable.db", "bellhop.db");

    await expect(openSqlite(path)).rejects.toMatchObject({
      code: "store-unusable",
      message: expect.stringContaining(path),
    });
  });
});
