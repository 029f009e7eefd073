import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { Kysely, SqliteDialect } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { backlog, lanes, oldestEvent } from "../../src/store/backlog.ts";
import { openSqlite } from "../../src/store/sqlite/open.ts";
import { size } from "../../src/store/sqlite/size.ts";
import type { Tables } from "../../src/store/tables.ts";

describe("telling what waits", () => {
  let folder: string;
  let database: Database.Database;
  let db: Kysely<Tables>;
  const asked: { readonly sql: string; readonly parameters: readonly unknown[] }[] = [];

  beforeEach(async () => {
    asked.length = 0;
    folder = await mkdtemp(join(tmpdir(), "bellhop-backlog-"));
    const path = join(folder, "bellhop.db");
    await (await openSqlite(path)).close();
    database = new Database(path);
    const dialect = new SqliteDialect({ database });
    db = new Kysely<Tables>({ dialect, log: (event) => void asked.push(event.query) });
  });
  afterEach(async () => {
    await db.destroy();
    await rm(folder, { recursive: true, force: true });
  });

  /** Has `waiting` deliveries wait in each of so many lanes, the first of each the oldest. */
  const fill = (count: number, waiting: number) => {
    database.exec("insert into accounts (id, not_before, failures) values ('slack:a', 0, 0)");
    const lane = database.prepare(
      "insert into lanes (id, account, due_at, not_before, failures) values (?, 'slack:a', 1, 0, 0)",
    );
    const delivery = database.prepare(
      `insert into deliveries (id, event, route, destination, lane, status, form, attempts, created_at)
       values (?, 'evt_1', 'all', 'sales', ?, ?, 'full', 0, ?)`,
    );
    database.transaction(() => {
      for (let at = 0; at < count; at += 1) {
        lane.run(laneOf(at));
        for (let one = 0; one < waiting; one += 1)
          delivery.run(
            `dlv_${at}_${one}`,
            laneOf(at),
            one === 0 ? "sending" : "pending",
            100 + one,
          );
        delivery.run(`dlv_${at}_gone`, laneOf(at), "delivered", 1);
      }
    })();
  };
  const plans = () =>
    asked.flatMap(({ sql, parameters }) =>
      (database.prepare(`explain query plan ${sql}`).all(...parameters) as { detail: string }[])
        .map((row) => row.detail)
        .filter((detail) => /\b(?:deliveries|events)\b/.test(detail)),
    );

  it("counts what waits in a lane, and when its head was made", async () => {
    fill(2, 3);

    expect(await lanes(db)).toEqual(
      [0, 1].map((at) => ({
        lane: laneOf(at),
        account: "slack:a",
        waiting: 3,
        oldestAt: 100,
        parked: null,
      })),
    );
  });

  it("tells each of many lanes once, in portions", async () => {
    fill(1_200, 1);

    const found = await lanes(db);

    expect(found.map(({ lane }) => lane)).toEqual(
      Array.from({ length: 1_200 }, (_, at) => laneOf(at)),
    );
    expect(asked).toHaveLength(3);
  });

  it("asks the index alone how much waits in a lane, and reads one row of it", async () => {
    await lanes(db);

    expect(plans()).toEqual([
      expect.stringContaining("USING COVERING INDEX deliveries_waiting (lane=?)"),
      expect.stringContaining("USING INDEX deliveries_waiting (lane=?)"),
    ]);
  });

  it("asks the index how many events wait, and which is the oldest", async () => {
    await backlog(db);
    await oldestEvent(db);

    expect(plans()).toEqual([
      expect.stringContaining("USING COVERING INDEX events_status (status=?)"),
      expect.stringContaining("USING INDEX events_status (status=?)"),
    ]);
  });

  it("tells the size on disk, and what deleted rows left", async () => {
    fill(100, 20);
    const before = await size(db);
    database.exec("delete from deliveries");
    const after = await size(db);

    expect(before.used).toBeGreaterThan(100_000);
    expect(before.wal).toBeGreaterThan(100_000);
    expect(after.free).toBeGreaterThan(before.free + 100_000);
    expect(after.used + after.free).toBe(before.used + before.free);
  });
});

function laneOf(at: number): string {
  return `slack:a/C${String(at).padStart(5, "0")}`;
}
