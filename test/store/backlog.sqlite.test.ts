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
import { waiting } from "./waiting.ts";

describe("telling what waits, from a file", () => {
  let folder: string;
  let database: Database.Database;
  let db: Kysely<Tables>;
  const asked: { readonly sql: string; readonly parameters: readonly unknown[] }[] = [];

  beforeEach(async () => {
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

  /** The parts that are about what waits of the plans of what was asked since the last call. */
  const plans = () =>
    asked
      .splice(0)
      .flatMap(({ sql, parameters }) =>
        (database.prepare(`explain query plan ${sql}`).all(...parameters) as { detail: string }[])
          .map((row) => row.detail)
          .filter((detail) => /\b(?:deliveries|events)\b/.test(detail)),
      );

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

  it("asks for many lanes in portions", async () => {
    await waiting(db, 1_200, 1);
    asked.length = 0;

    await lanes(db);

    expect(asked).toHaveLength(3);
  });

  it("tells the size on disk, and what deleted rows left", async () => {
    await waiting(db, 100, 20);
    const before = await size(db);
    database.exec("delete from deliveries");
    const after = await size(db);

    expect(before.used).toBeGreaterThan(100_000);
    expect(before.wal).toBeGreaterThan(100_000);
    expect(after.free).toBeGreaterThan(before.free + 100_000);
    expect(after.used + after.free).toBe(before.used + before.free);
  });
});
