import { tmpdir } from "node:os";
import { join } from "node:path";
import { mkdtemp, rm } from "node:fs/promises";
import Database from "better-sqlite3";
import { Kysely, SqliteDialect } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dueLanes } from "../../src/store/due-lanes.ts";
import { expire } from "../../src/store/expire.ts";
import { nextDue } from "../../src/store/next-due.ts";
import { openSqlite } from "../../src/store/sqlite/open.ts";
import { Places } from "../../src/store/places.ts";
import { deliveries, events } from "../../src/store/read.ts";
import { Reading } from "../../src/store/reading.ts";
import { replay } from "../../src/store/replay.ts";
import { routeTraffic } from "../../src/store/route-traffic.ts";
import type { Tables } from "../../src/store/tables.ts";

let folder: string;
let database: Database.Database;
let db: Kysely<Tables>;
const asked: { readonly sql: string; readonly parameters: readonly unknown[] }[] = [];

beforeEach(async () => {
  asked.length = 0;
  folder = await mkdtemp(join(tmpdir(), "bellhop-plans-"));
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

/** How SQLite goes through a table in each query so far. */
const waysThrough = (table: keyof Tables) =>
  asked
    .filter(({ sql }) => sql.startsWith("select"))
    .flatMap(({ sql, parameters }) =>
      (database.prepare(`explain query plan ${sql}`).all(...parameters) as { detail: string }[])
        .map((row) => row.detail)
        .filter((detail) => detail.split(" ")[1] === table),
    );

describe("looking for lanes that are due", () => {
  it("reads those that are due, by an index, and no others", async () => {
    const request = { now: 1, limit: 10, owner: "bridge-1", leaseMs: 1, except: ["slack:a/C1"] };

    await db.transaction().execute((trx) => dueLanes(trx, request, new Places(request), new Set()));

    expect(waysThrough("lanes")).toEqual([
      expect.stringContaining("lanes_due_well (due_at<?)"),
      expect.stringContaining("lanes_due_troubled (due_at<?)"),
    ]);
  });

  it("finds the next one that will be due by indexes", async () => {
    await nextDue(db, 1);

    expect(waysThrough("lanes")).toEqual([
      expect.stringContaining("lanes_due_well (due_at>?)"),
      expect.stringContaining("lanes_due_troubled (due_at>?)"),
      expect.stringContaining("lanes_account (account=? AND due_at<?)"),
    ]);
  });
});

/** The walk itself, and the index that alone tells where it begins and ends. */
function expected(table: string, walk: string, times: string): Set<string> {
  return new Set([
    `SEARCH ${table} USING ${walk}`,
    `SEARCH ${table} USING COVERING INDEX ${times}>?)`,
    `SEARCH ${table} USING COVERING INDEX ${times}<?)`,
  ]);
}

describe("looking for what lies between two times", () => {
  const between = { since: 1, until: 2 };

  it.each([
    [{}, "INTEGER PRIMARY KEY (rowid>? AND rowid<?)"],
    [{ status: "sent" }, "INDEX events_status (status=? AND seq>? AND seq<?)"],
    [{ source: "polar" }, "INDEX events_source (source=? AND seq>? AND seq<?)"],
    [{ subject: "customer-1" }, "INDEX events_subject (subject=? AND seq>? AND seq<?)"],
  ] as const)("reads no events before and after, of %o", async (filter, walk) => {
    await events(db, { ...between, limit: 10, ...filter });

    expect(new Set(waysThrough("events"))).toEqual(
      expected("events", walk, "events_received (received_at"),
    );
  });

  it.each([
    [{}, "INTEGER PRIMARY KEY (rowid>? AND rowid<?)"],
    [{ route: "all", error: "gone" }, "INTEGER PRIMARY KEY (rowid>? AND rowid<?)"],
    [{ status: "dead" }, "INDEX deliveries_status (status=? AND seq>? AND seq<?)"],
    [{ status: "parked" }, "INDEX deliveries_status (status=? AND seq>? AND seq<?)"],
    [{ destination: "sales" }, "INDEX deliveries_destination (destination=? AND seq>? AND seq<?)"],
  ] as const)("reads no deliveries before and after, of %o", async (filter, walk) => {
    await deliveries(db, { ...between, limit: 10, ...filter });

    expect(new Set(waysThrough("deliveries"))).toEqual(
      expected("deliveries", walk, "deliveries_created (created_at"),
    );
  });

  it("reads no deliveries before and after for a replay", async () => {
    const select = { status: "delivered", ...between } as const;
    const request = { select, lanes: [], now: 3, newId: () => "dlv_1" };

    await db.transaction().execute((trx) => replay(trx, request));

    const walk = "INDEX deliveries_status (status=? AND seq>? AND seq<?)";
    expect(new Set(waysThrough("deliveries"))).toEqual(
      expected("deliveries", walk, "deliveries_created (created_at"),
    );
  });

  it("reads neither deliveries nor events before, to tell what went through the routes", async () => {
    await routeTraffic(db, 1);

    expect(new Set(waysThrough("deliveries"))).toEqual(
      expected("deliveries", "INTEGER PRIMARY KEY (rowid>?)", "deliveries_created (created_at"),
    );
    expect(new Set(waysThrough("events"))).toEqual(
      expected(
        "events",
        "INDEX events_status (status=? AND seq>?)",
        "events_received (received_at",
      ),
    );
  });

  it("reads no deliveries that wait in lanes that work, nor younger ones, to give up on those that wait too long", async () => {
    await db
      .transaction()
      .execute((trx) => expire(trx, { before: 1, now: 1, toReports: () => [] }));

    const walk = "INDEX deliveries_waiting (lane=? AND seq<?)";
    expect(new Set(waysThrough("deliveries"))).toEqual(
      expected("deliveries", walk, "deliveries_created (created_at"),
    );
    expect([...waysThrough("lanes"), ...waysThrough("accounts")]).toEqual([
      "SCAN lanes USING INDEX lanes_parked",
      "SCAN lanes USING INDEX lanes_closed",
      "SEARCH lanes USING INDEX lanes_account (account=?)",
      "SCAN accounts USING INDEX accounts_parked",
    ]);
  });
});

it("the newest events of a source are found without a look at others", async () => {
  await events(db, { source: "polar", limit: 10 });

  expect(waysThrough("events")).toEqual(["SEARCH events USING INDEX events_source (source=?)"]);
});

describe("comparing two configs", () => {
  it("finds the payload before an event among those of its subject alone", async () => {
    await new Reading(db).earlier({
      seq: 10,
      id: "evt_10",
      source: "polar",
      type: "customer.state_changed",
      subject: "customer-1",
      receivedAt: 10,
      status: "sent",
      changes: [],
      body: new Uint8Array(),
      payloadPrunedAt: null,
    });

    expect(waysThrough("events")).toEqual([
      expect.stringContaining("events_subject (subject=? AND seq<?)"),
    ]);
  });
});
