import { tmpdir } from "node:os";
import { join } from "node:path";
import { mkdtemp, rm } from "node:fs/promises";
import Database from "better-sqlite3";
import { Kysely, SqliteDialect } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dueLanes } from "../../src/store/due-lanes.ts";
import { nextDue } from "../../src/store/next-due.ts";
import { openStore } from "../../src/store/open.ts";
import { Places } from "../../src/store/places.ts";
import type { Tables } from "../../src/store/tables.ts";

describe("looking for lanes that are due", () => {
  let folder: string;
  let database: Database.Database;
  let db: Kysely<Tables>;
  const asked: { readonly sql: string; readonly parameters: readonly unknown[] }[] = [];

  beforeEach(async () => {
    asked.length = 0;
    folder = await mkdtemp(join(tmpdir(), "bellhop-plans-"));
    const path = join(folder, "bellhop.db");
    await (await openStore(path)).close();
    database = new Database(path);
    const dialect = new SqliteDialect({ database });
    db = new Kysely<Tables>({ dialect, log: (event) => void asked.push(event.query) });
  });
  afterEach(async () => {
    await db.destroy();
    await rm(folder, { recursive: true, force: true });
  });

  /** How SQLite goes through the table of lanes in each query since the last call. */
  const waysThroughLanes = () =>
    asked
      .filter(({ sql }) => sql.startsWith("select"))
      .flatMap(({ sql, parameters }) =>
        (database.prepare(`explain query plan ${sql}`).all(...parameters) as { detail: string }[])
          .map((row) => row.detail)
          .filter((detail) => /\blanes\b/.test(detail)),
      );

  it("reads those that are due, by an index, and no others", async () => {
    const request = { now: 1, limit: 10, owner: "bridge-1", leaseMs: 1, except: ["slack:a/C1"] };

    await db.transaction().execute((trx) => dueLanes(trx, request, new Places(request)));

    expect(waysThroughLanes()).toEqual([
      expect.stringContaining("lanes_due_well (due_at<?)"),
      expect.stringContaining("lanes_due_troubled (due_at<?)"),
    ]);
  });

  it("finds the next one that will be due by indexes", async () => {
    await nextDue(db, 1);

    expect(waysThroughLanes()).toEqual([
      expect.stringContaining("lanes_due_well (due_at>?)"),
      expect.stringContaining("lanes_due_troubled (due_at>?)"),
      expect.stringContaining("lanes_account (account=? AND due_at<?)"),
    ]);
  });
});
