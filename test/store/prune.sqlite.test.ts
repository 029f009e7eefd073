import Database from "better-sqlite3";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSqlite } from "../../src/store/sqlite/open.ts";
import type { ArrivedWebhook, PruneRequest, Store } from "../../src/store/store.ts";
import { arrived, processed, rowId } from "./rows.ts";

const DAY = 86_400_000;
const NOW = Date.parse("2026-11-22T10:00:00Z");
const OLD = NOW - 100 * DAY;

describe("pruning a file", () => {
  let folder: string;
  let path: string;
  let store: Store;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "bellhop-prune-"));
    path = join(folder, "bellhop.db");
    store = await openSqlite(path);
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  const receive = async (more: Partial<ArrivedWebhook> = {}) => {
    await store.enqueue([arrived(rowId("key"), { receivedAt: OLD, ...more })]);
    await store.process(1, OLD, () => processed([]));
  };

  it("goes by indexes, so that a step costs the same however much is kept", () => {
    const database = new Database(path);
    const plan = (query: string) =>
      (database.prepare(`explain query plan ${query}`).all() as { detail: string }[]).map(
        (row) => row.detail,
      );

    const payloads = plan(
      "select seq from events where processed_at is not null and payload_pruned_at is null and received_at < 1 and (received_at, seq) > (2, 3) order by received_at, seq limit 9",
    );
    const events = plan(
      "select seq from events where received_at < 1 and (received_at, seq) > (2, 3) order by received_at, seq limit 9",
    );
    database.close();

    expect(payloads).toEqual([expect.stringMatching(/SEARCH .* INDEX events_payloads /)]);
    expect(events).toEqual([expect.stringMatching(/SEARCH .* INDEX events_received /)]);
  });

  it("leaves a file its size that was made without a way to shrink, and goes on with it", async () => {
    const file = join(folder, "older.db");
    const database = new Database(file);
    database.exec("create table before (a text)");
    database.close();
    const older = await openSqlite(file);
    for (let index = 0; index < 50; index += 1)
      await older.enqueue([
        arrived(`large-${index}`, { receivedAt: OLD, body: Buffer.alloc(200_000, 97) }),
      ]);
    while ((await older.process(100, OLD, () => processed([]))) > 0);

    await prunePayloads(older);

    expect(await older.compact()).toBe(false);
    await expect(older.ping()).resolves.toBeUndefined();
    await older.close();
  });

  it("has the file shrink, a little at a call, while the store is used", async () => {
    for (let index = 0; index < 100; index += 1) await receive({ body: Buffer.alloc(100_000, 97) });
    while (await store.compact());
    const before = (await stat(path)).size;
    await prunePayloads(store);

    let calls = 0;
    while (await store.compact()) {
      calls += 1;
      await receive();
    }

    expect(calls).toBeGreaterThan(5);
    expect((await stat(path)).size).toBeLessThan(before / 2);
  });
});

/** Empties all payloads that may be. */
async function prunePayloads(of: Store): Promise<void> {
  const before = NOW - 30 * DAY;
  let from: PruneRequest["from"] = null;
  do from = (await of.prune({ what: "payloads", before, from, now: NOW })).next;
  while (from !== null);
}
