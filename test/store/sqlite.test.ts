import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore } from "../../src/store/open.ts";
import { storeConformance } from "./conformance.ts";

describe("SQLite in memory", () => {
  storeConformance(() => openStore(":memory:"));
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

  storeConformance(() => openStore(join(folder, `${++count}.db`)));

  it("makes the folder that the file lies in", async () => {
    const store = await openStore(join(folder, "a", "b", "bellhop.db"));

    await expect(store.ping()).resolves.toBeUndefined();
    await store.close();
  });

  it("refuses a second bridge on the same file, and lets it in once the first has ended", async () => {
    const path = join(folder, "shared.db");
    const first = await openStore(path);

    await expect(openStore(path)).rejects.toMatchObject({ code: "store-in-use" });
    await first.close();
    const second = await openStore(path);

    await second.close();
  });

  it("commits to disk before it answers", async () => {
    const path = join(folder, "durable.db");
    const store = await openStore(path);
    await store.close();

    const database = new Database(path);

    expect(database.pragma("journal_mode", { simple: true })).toBe("wal");
    database.close();
  });

  it("finds unprocessed events and waiting deliveries through its indexes", async () => {
    const path = join(folder, "plans.db");
    await (await openStore(path)).close();
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
    expect(plan("select * from lanes where due_at <= 1")).toContain("lanes_due");
    database.close();
  });

  it("says which file it cannot use", async () => {
    const path = join(folder, "durable.db", "bellhop.db");

    await expect(openStore(path)).rejects.toMatchObject({
      code: "store-unusable",
      message: expect.stringContaining(path),
    });
  });
});
