import { mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { sql } from "kysely";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { openReading, openStore } from "../../../src/store/open.ts";
import { move, type Moved, type MoveListener } from "../../../src/store/move/move.ts";
import { surveyMove } from "../../../src/store/move/survey.ts";
import type { SqliteSettings, StoreSettings } from "../../../src/store/settings.ts";
import { freshDatabase } from "../../postgres/database.ts";
import { settingsFor } from "../../postgres/tables.ts";
import { openWay } from "../../postgres/way.ts";
import { beside, refuseWrites } from "../beside.ts";
import { NOBODY } from "../empty-store.ts";
import { arrived } from "../rows.ts";
import { ALL_BYTES, dump, fill, NOW, released } from "./filled.ts";

const QUIET: MoveListener = { onWait() {}, onStage() {}, onRows() {}, onAnew() {} };

describe("moving a store", () => {
  let file: SqliteSettings;

  beforeEach(async () => {
    file = await inFile();
  });

  it.each([
    ["from SQLite to PostgreSQL", inFile, inDatabase],
    ["from PostgreSQL to SQLite", inDatabase, inFile],
    ["from PostgreSQL to PostgreSQL", inDatabase, inDatabase],
    ["from SQLite to SQLite", inFile, inFile],
  ])("carries every row over, without what a bridge held: %s", async (_, inOld, inNew) => {
    const [from, to] = [await inOld(), await inNew()];
    await fill(from, { events: 40 });
    await endLeases(from);
    const before = await dump(from);

    const { tables, before: earlier } = await run(from, to);

    expect(before["attempts"]?.length).toBeGreaterThan(3);
    expect(before["lanes"]?.map(({ owner }: { owner?: string }) => owner)).toContain("bridge");
    expect(await dump(to)).toEqual(released(before));
    expect(earlier).toBe(0);
    expect(new Map(tables.map(({ name, rows }) => [name, rows]))).toEqual(
      new Map(tables.map(({ name }) => [name, before[name]?.length])),
    );
  });

  it("leaves the old store as it is, to the byte", async () => {
    await fill(file, { events: 10 });
    const before = await readFile(file.path);

    await run(file, await inDatabase());

    expect((await readFile(file.path)).equals(before)).toBe(true);
  });

  it.each([
    ["PostgreSQL", inDatabase],
    ["SQLite", inFile],
  ])(
    "goes on in %s with the numbers behind those that were given, also to rows that are gone",
    async (_, inNew) => {
      const to = await inNew();
      await fill(file, { events: 10 });

      await run(file, to);

      const store = await openStore(to, NOBODY);
      await store.enqueue([arrived("new")]);
      await store.close();
      const [row] = await beside(
        to,
        sql<{ seq: number }>`select seq from events where key = 'new'`,
      );
      expect(row?.seq).toBe((await highestEver(file)) + 1);
    },
  );

  it("moves a store in which nothing is", async () => {
    const to = await inDatabase();
    await (await openStore(file, NOBODY)).close();

    const { tables } = await run(file, to);

    expect(tables.every(({ rows }) => rows === 0)).toBe(true);
    await (await openStore(to, NOBODY)).close();
  });

  it("keeps every byte, large numbers and JSON, and makes texts such as PostgreSQL can keep them", async () => {
    const to = await inDatabase();
    const store = await openStore(file, NOBODY);
    await store.enqueue([
      arrived("all bytes", { body: ALL_BYTES }),
      arrived("none", { body: new Uint8Array() }),
    ]);
    await store.process(2, NOW, () => ({
      status: "unrouted",
      changes: [],
      verdicts: null,
      deliveries: [],
      snapshot: null,
      revision: "r1",
      error: null,
      reports: [],
    }));
    await store.close();
    // As an earlier version may have written them.
    const long = "ü".repeat(100_000);
    const error = JSON.stringify({ code: "x", text: "a\0b\ud800c" });
    const old = new Database(file.path);
    old
      .prepare(
        "update events set key = ?, subject = ?, changes = ?, received_at = ?, duplicate_at = ? where seq = 1",
      )
      .run(
        "k\0\u{1f514}",
        long,
        JSON.stringify({ big: 2 ** 40, text: '\\ " \n {}' }),
        2 ** 31 + 1,
        2 ** 52,
      );
    old
      .prepare(
        "update events set type = cast(x'61eda08062' as text), received_at = 1.5 where seq = 2",
      )
      .run();
    old
      .prepare(
        "insert into deliveries (id, event, route, destination, lane, status, form, attempts, created_at, last_error) values ('d', 'e', 'r', 'x', 'l', 'dead', 'full', 3, 1, ?)",
      )
      .run(error);
    old.exec(
      "insert into accounts (id, not_before, failures) values ('a', 0, 0); insert into lanes (id, account, not_before, failures) values ('l', 'a', 0, 0)",
    );
    old.close();

    await run(file, to);

    const [first, second] = await beside(
      to,
      sql<Record<string, unknown>>`select * from events order by seq`,
    );
    expect(first).toMatchObject({
      key: "k␀\u{1f514}",
      subject: expect.stringMatching(/^ü{500}…[0-9a-f]{64}$/),
      changes: JSON.stringify({ big: 2 ** 40, text: '\\ " \n {}' }),
      received_at: 2 ** 31 + 1,
      duplicate_at: 2 ** 52,
      body: Buffer.from(ALL_BYTES),
    });
    expect(second).toMatchObject({
      type: "a\ufffd\ufffd\ufffdb",
      received_at: 2,
      body: Buffer.alloc(0),
    });
    const moved = await openStore(to, NOBODY);
    onTestFinished(() => moved.close());
    expect((await moved.deliveries({ limit: 10, error: "A␀B" })).items).toHaveLength(1);
    expect(await moved.enqueue([arrived("k\0\u{1f514}")])).toEqual([
      { id: first?.["id"], isDuplicate: true },
    ]);
  });

  it("tells how far it is, and what it came to", async () => {
    await fill(file, { events: 30 });
    const told: unknown[] = [];
    let rows = 0;

    const { from, to, tables } = await run(file, await inDatabase(), {
      ...QUIET,
      onStage: (stage, { total, done }) => told.push([stage, total, done]),
      onRows: (count) => (rows += count),
    });

    const total = tables.reduce((sum, one) => sum + one.rows, 0);
    expect(told).toEqual([
      ["moving", total, 0],
      ["verifying", total, 0],
    ]);
    expect(rows).toBe(2 * total);
    expect(from).toBe(`The store ${file.path}`);
    expect(to).toMatch(/^The database bellhop_test_\w+ at /);
    expect(tables.find(({ name }) => name === "events")?.checksum).toMatch(
      /^(?!0{64})[0-9a-f]{64}$/,
    );
  });

  it("has the same checksums on both databases, and others once anything differs", async () => {
    const [to, back] = [await inDatabase(), await inFile()];
    await fill(file, { events: 20 });

    const there = await run(file, to);
    const andBack = await run(to, back);
    await beside(back, sql`update events set body = ${Buffer.from("x")} where seq = 3`);
    const changed = await run(back, await inDatabase());

    expect(andBack.tables).toEqual(there.tables);
    expect(
      changed.tables.filter((one, index) => one.checksum !== there.tables[index]?.checksum),
    ).toEqual([expect.objectContaining({ name: "events", rows: 19 })]);
  });

  describe("that was cut off", () => {
    it("goes on where it was, portion by portion", async () => {
      const [to, whole] = [await inDatabase(), await inDatabase()];
      await fill(file, { events: 16, bytes: 600_000 });
      const { tables } = await run(file, whole);
      const befores: number[] = [];

      for (let moved: Moved | undefined; moved === undefined;) {
        const cut = cutAfter(1);
        moved = await move({ from: file, to }, cut.listener, cut.signal).catch(() => undefined);
        befores.push((await surveyMove({ from: file, to })).before);
      }

      // Seven tables with rows in them, of which the payloads are three portions.
      expect(befores.length).toBeGreaterThan(8);
      const cut = befores.slice(0, -1);
      expect(cut).toEqual([...new Set(cut)].toSorted((one, other) => one - other));
      expect(befores.at(-1)).toBe(tables.reduce((sum, { rows }) => sum + rows, 0));
      expect(await dump(to)).toEqual(await dump(whole));
    });

    it("does nothing again that was done, and ends as if nothing had been", async () => {
      const [to, whole] = [await inDatabase(), await inDatabase()];
      await fill(file, { events: 16, bytes: 600_000 });
      const { tables } = await run(file, whole);
      const total = tables.reduce((sum, one) => sum + one.rows, 0);
      const cut = cutAfter(total / 2);

      await expect(move({ from: file, to }, cut.listener, cut.signal)).rejects.toThrow("cut");
      const resumed = await run(file, to);

      expect(resumed.before).toBeGreaterThanOrEqual(total / 2);
      expect(resumed.before).toBeLessThan(total);
      expect(resumed.tables).toEqual(tables);
      expect(await dump(to)).toEqual(await dump(whole));
    });

    it("lets no bridge start on the part that is there, nor reads or moves it", async () => {
      const to = await inDatabase();
      await cutOff(file, to);

      const uses = [
        () => openStore(to, NOBODY),
        () => openReading(to),
        async () => run(to, await inFile()),
      ];

      for (const use of uses) await expect(use()).rejects.toMatchObject({ code: "store-moving" });
    });

    it("begins anew when the old store has changed since", async () => {
      const to = await inDatabase();
      await cutOff(file, to);
      await beside(file, sql`update lanes set failures = failures + 1`);
      let anew = 0;

      const moved = await run(file, to, { ...QUIET, onAnew: () => (anew += 1) });

      expect(anew).toBe(1);
      expect(moved.before).toBe(0);
      expect(await dump(to)).toEqual(released(await dump(file)));
    });

    it("finds a row that has changed in the new store, and begins anew when it is run again", async () => {
      const to = await inDatabase();
      await cutOff(file, to);
      await beside(to, sql`update events set changes = '[]' where seq = 2`);

      const refused = run(file, to);

      await expect(refused).rejects.toMatchObject({
        code: "move-differs",
        message: expect.stringContaining("in events:"),
      });
      await expect(openStore(to, NOBODY)).rejects.toMatchObject({ code: "store-moving" });
      await run(file, to);
      expect(await dump(to)).toEqual(released(await dump(file)));
    });

    it.each([
      ["is missing", sql`delete from attempts where number = 1`],
      ["is too many", sql`insert into attempts (delivery, number, started_at) values ('x', 1, 1)`],
    ])("finds that a row %s in the new store", async (_, change) => {
      const to = await inDatabase();
      await fill(file, { events: 12 });
      const verifying = cutAt("verifying");
      await expect(move({ from: file, to }, verifying.listener, verifying.signal)).rejects.toThrow(
        "cut",
      );
      await beside(to, change);

      const refused = run(file, to);

      await expect(refused).rejects.toMatchObject({
        code: "move-differs",
        message: expect.stringContaining("in attempts:"),
      });
    });
  });

  it("says so when all was moved and verified before, and does nothing", async () => {
    const to = await inDatabase();
    await fill(file, { events: 10 });
    const first = await run(file, to);
    await beside(to, sql`update lanes set failures = 7`);

    const again = await run(file, to);

    expect(again).toMatchObject({ isRepeated: true, tables: first.tables });
    const [lane] = await beside(to, sql<{ failures: number }>`select failures from lanes`);
    expect(lane?.failures).toBe(7);
  });

  describe("is refused", () => {
    it.each(["from", "to"] as const)(
      "while a bridge has the file open that the store is moved %s",
      async (side) => {
        const other = await inDatabase();
        const bridge = await openStore(file, NOBODY);
        onTestFinished(() => bridge.close());
        await (await openStore(other, NOBODY)).close();

        const refused = side === "from" ? run(file, other) : run(other, file);

        await expect(refused).rejects.toMatchObject({
          code: "store-in-use",
          message: `The store ${file.path} is in use.`,
          hint: expect.stringContaining("Stop the bridge"),
        });
      },
    );

    it.each(["from", "to"] as const)(
      "while a bridge extends what it holds in PostgreSQL, where the store is moved %s",
      async (side) => {
        const database = await inDatabase();
        const bridge = await openStore(database, NOBODY);
        onTestFinished(() => bridge.close());
        const take = () =>
          bridge.take({ duty: "operator", owner: "bridge", now: Date.now(), leaseMs: 30_000 });
        await take();
        await (await openStore(file, NOBODY)).close();
        const ways = { from: { from: database, to: file }, to: { from: file, to: database } };
        let waited = 0;

        const refused = move(
          ways[side],
          { ...QUIET, onWait: () => void ((waited += 1), take()) },
          new AbortController().signal,
        );

        await expect(refused).rejects.toMatchObject({
          code: "store-in-use",
          message: expect.stringMatching(/^The database \w+ at \S+ is in use\.$/),
        });
        expect(waited).toBe(1);
      },
    );

    it("not for longer than the leases of a bridge last that has died", async () => {
      const database = await inDatabase();
      await fill(database, { events: 6 });
      const now = sql`extract(epoch from clock_timestamp()) * 1000`;
      await beside(database, sql`update duties set lease_until = ${now} + 3000`);
      await beside(database, sql`update lanes set lease_until = null`);

      const { tables } = await run(database, file);

      expect(tables.find(({ name }) => name === "events")?.rows).toBe(5);
      const over = sql<{ name: string }>`select name from duties where lease_until <= ${now}`;
      expect(await beside(database, over)).toEqual([{ name: "housekeeping" }]);
    });

    it("when a bridge comes to the new store in the middle of it", async () => {
      const to = await inDatabase();
      await cutOff(file, to);
      await beside(to, sql`insert into duties (name, owner, lease_until) values ('a', 'b', 1)`);

      const refused = run(file, to);

      await expect(refused).rejects.toMatchObject({ code: "store-in-use" });
    });

    it.each([
      ["PostgreSQL", inDatabase],
      ["SQLite", inFile],
    ])("when there is a store already in %s, which stays as it is", async (_, inNew) => {
      const to = await inNew();
      await fill(file, { events: 6 });
      await fill(to, { events: 2 });
      await endLeases(to);
      const before = await dump(to);

      const refused = run(file, to);

      await expect(refused).rejects.toMatchObject({
        code: "store-not-empty",
        message: expect.stringContaining("holds a store already"),
      });
      expect(await dump(to)).toEqual(before);
    });

    it("when both are the same file, by whatever name", async () => {
      await fill(file, { events: 1 });
      const link = `${file.path}.link`;
      await symlink(file.path, link);

      const refused = run(file, { kind: "sqlite", path: link });

      await expect(refused).rejects.toMatchObject({ code: "move-onto-itself" });
    });

    it("when both are the same database, by whatever name", async () => {
      const { url, drop } = await freshDatabase();
      onTestFinished(drop);
      const way = await openWay(url);
      onTestFinished(() => way.close());
      await fill(settingsFor(url), { events: 1 });

      const refused = run(settingsFor(url), settingsFor(way.url));

      await expect(refused).rejects.toMatchObject({ code: "move-onto-itself" });
    });

    it("when there is nothing to move, and then makes nothing", async () => {
      const nothing = { kind: "sqlite", path: join(tmpdir(), "bellhop-is-not-there.db") } as const;

      const missing = run(nothing, file);

      await expect(missing).rejects.toMatchObject({ code: "store-missing" });
      await expect(run(await inDatabase(), file)).rejects.toMatchObject({ code: "store-empty" });
      await expect(readFile(nothing.path)).rejects.toThrow("ENOENT");
    });

    it.each([
      [
        "older",
        sql`delete from kysely_migration where name > '008'`,
        "store-older",
        "Start its bridge once",
      ],
      [
        "newer",
        sql`insert into kysely_migration (name, timestamp) values ('999-x', '')`,
        "store-newer",
        "Use the version",
      ],
    ])("when the version that wrote the store is %s", async (_, change, code, hint) => {
      await fill(file, { events: 1 });
      await beside(file, change);

      const refused = run(file, await inDatabase());

      await expect(refused).rejects.toMatchObject({ code, hint: expect.stringContaining(hint) });
    });
  });

  describe("is cut off in words that say how to go on", () => {
    it("when the disk is full", async () => {
      const to = await inDatabase();
      await fill(file, { events: 30 });
      const cut = cutAfter(1);
      await expect(move({ from: file, to }, cut.listener, cut.signal)).rejects.toThrow("cut");
      const makeRoom = await refuseWrites(to);

      const refused = run(file, to);

      await expect(refused).rejects.toMatchObject({
        code: "move-cut-off",
        message: expect.stringMatching(
          /^The database \w+ at \S+ failed: .*No space left on device\.$/,
        ),
        hint: expect.stringContaining("run the same command again"),
      });
      await makeRoom();
      expect((await run(file, to)).before).toBeGreaterThan(0);
    });

    it.each(["from", "to"] as const)(
      "when the connection is lost to where the store is moved %s",
      async (side) => {
        const { url, drop } = await freshDatabase();
        onTestFinished(drop);
        const other = await inDatabase();
        const way = await openWay(url);
        const [from, to] = side === "from" ? [settingsFor(url), other] : [other, settingsFor(url)];
        const [lossyFrom, lossyTo] =
          side === "from" ? [settingsFor(way.url), other] : [other, settingsFor(way.url)];
        await fill(from, { events: 12, bytes: 800_000 });
        await endLeases(from);
        let closing: Promise<void> | undefined;
        let rows = 0;

        const lost = move(
          { from: lossyFrom, to: lossyTo },
          { ...QUIET, onRows: (count) => void ((rows += count) > 14 && (closing ??= way.close())) },
          new AbortController().signal,
        );

        await expect(lost).rejects.toMatchObject({
          code: "move-cut-off",
          hint: expect.stringContaining("it goes on where it was"),
        });
        await closing;
        const { before } = await run(from, to);
        expect(before).toBeGreaterThan(0);
        expect(await dump(to)).toEqual(released(await dump(from)));
      },
    );
  });

  describe("looked at before", () => {
    it("tells what there is, beside a running bridge, and makes nothing", async () => {
      await fill(file, { events: 9 });
      const [before, there] = [await dump(file), await inFile()];
      const bridge = await openStore(file, NOBODY);
      onTestFinished(() => bridge.close());

      const survey = await surveyMove({ from: file, to: there });

      expect(survey.tables).toContainEqual({ name: "events", rows: 8 });
      expect(survey).toMatchObject({ before: 0, isDone: false });
      expect(await dump(file)).toEqual(released(before));
      await expect(readFile(there.path)).rejects.toThrow("ENOENT");
    });

    it("tells how far an earlier run came, and refuses what a move would refuse", async () => {
      const [to, full] = [await inDatabase(), await inDatabase()];
      await cutOff(file, to);
      await fill(full, { events: 1 });

      const survey = await surveyMove({ from: file, to });

      expect(survey.before).toBeGreaterThan(0);
      await expect(surveyMove({ from: file, to: full })).rejects.toMatchObject({
        code: "store-not-empty",
      });
      await run(file, to);
      expect(await surveyMove({ from: file, to })).toMatchObject({ isDone: true });
    });
  });
});

function run(from: StoreSettings, to: StoreSettings, listener = QUIET): Promise<Moved> {
  return move({ from, to }, listener, new AbortController().signal);
}

/** Stops a move once it has moved so many rows. */
function cutAfter(rows: number) {
  const stopping = new AbortController();
  let [isMoving, moved] = [false, 0];
  const listener: MoveListener = {
    ...QUIET,
    onStage: (stage) => {
      isMoving = stage === "moving";
    },
    onRows: (count) => {
      if (isMoving && (moved += count) >= rows) stopping.abort(new Error("cut"));
    },
  };
  return { listener, signal: stopping.signal };
}

/** Stops a move when a stage begins. */
function cutAt(stage: string) {
  const stopping = new AbortController();
  const onStage = (begun: string) => {
    if (begun === stage) stopping.abort(new Error("cut"));
  };
  return { listener: { ...QUIET, onStage }, signal: stopping.signal };
}

/** Fills a file and leaves it moved but for its last table. */
async function cutOff(from: StoreSettings, to: StoreSettings): Promise<void> {
  await fill(from, { events: 30 });
  // Attempts come last, and are few.
  const all = await dump(from);
  const rows = Object.entries(all).reduce(
    (sum, [name, one]) => sum + (name === "attempts" ? 0 : one.length),
    0,
  );
  const cut = cutAfter(rows);
  await expect(move({ from, to }, cut.listener, cut.signal)).rejects.toThrow("cut");
}

async function inFile(): Promise<SqliteSettings> {
  const folder = await mkdtemp(join(tmpdir(), "bellhop-move-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return { kind: "sqlite", path: join(folder, "bellhop.db") };
}

async function inDatabase(): Promise<StoreSettings> {
  const { url, drop } = await freshDatabase();
  onTestFinished(drop);
  return settingsFor(url);
}

/** A bridge that was killed leaves leases in PostgreSQL, which the move would wait for. */
async function endLeases(settings: StoreSettings): Promise<void> {
  await beside(settings, sql`delete from duties`);
  await beside(settings, sql`update lanes set lease_until = 1 where lease_until is not null`);
}

async function highestEver(settings: StoreSettings): Promise<number> {
  const [row] = await beside(
    settings,
    sql<{ seq: number }>`select seq from sqlite_sequence where name = 'events'`,
  );
  return row?.seq ?? Number.NaN;
}
