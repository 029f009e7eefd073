import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openSqlite } from "../../src/store/sqlite/open.ts";
import { arrived, newDelivery, processed } from "./rows.ts";
import { NOW, pruneAll, replayDead } from "./work.ts";

const DAY = 86_400_000;
const WRITES =
  "^(begin|commit|create|drop|alter|insert|update|delete|pragma (journal|incremental|wal))";

describe("a process that is killed", { timeout: 180_000 }, () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "bellhop-crash-"));
    path = join(folder, "bellhop.db");
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("in the middle of its migrations, after any statement: the next start has all its tables", async () => {
    await killAfter("open", join(folder, "whole.db"), Infinity);
    const whole = tablesOf(join(folder, "whole.db"));

    let kills = 0;
    for (;;) {
      const file = join(folder, `${kills}.db`);
      if (await killAfter("open", file, kills + 1)) break;
      kills += 1;
      const store = await openSqlite(file);
      await store.enqueue([arrived("a")]);
      await store.close();
      expect(tablesOf(file)).toEqual(whole);
    }

    expect(kills).toBeGreaterThan(30);
  });

  describe("with a store in which much is old", () => {
    let seedFolder: string;
    let seed: string;

    beforeAll(async () => {
      seedFolder = await mkdtemp(join(tmpdir(), "bellhop-seed-"));
      seed = join(seedFolder, "seed.db");
      const store = await openSqlite(seed);
      for (const age of [100, 100, 100, 40, 1]) {
        const receivedAt = NOW - age * DAY;
        const body = Buffer.alloc(20_000, 97);
        await store.enqueue(
          Array.from({ length: 60 }, (_, index) =>
            arrived(`${Math.random()}-${index}`, { receivedAt, body }),
          ),
        );
        await store.process(60, receivedAt, () => processed([1, 2, 3, 4].map(() => newDelivery())));
      }
      await store.claim({ now: NOW, limit: 1, owner: "a", leaseMs: 1 });
      await store.close();
      const database = new Database(seed);
      database.exec(`
        update deliveries set status = 'dead' where created_at < ${NOW};
        update lanes set due_at = null;
        insert or ignore into attempts (delivery, number, started_at) select id, 1, 0 from deliveries;
      `);
      database.close();
    });
    afterAll(() => rm(seedFolder, { recursive: true }));

    it("in the middle of a prune: nothing is half there, and the next one ends it", async () => {
      const orphans = `
        select id from deliveries where event not in (select id from events)
        union all select delivery from attempts where delivery not in (select id from deliveries)
        union all select id from events where status = 'sent' and id not in (select event from deliveries)
        union all select id from events where (length(body) = 0) <> (payload_pruned_at is not null)`;
      let kills = 0;
      for (let statements = 1; ; statements = Math.ceil(statements * 1.8)) {
        await copyFile(seed, path);
        if (await killAfter("prune", path, statements)) break;
        kills += 1;

        const left = read<object>(path, orphans);
        const store = await openSqlite(path);
        await pruneAll(store);
        await store.close();

        expect(left).toEqual([]);
        expect(read(path, orphans)).toEqual([]);
        expect(
          read(
            path,
            "select payload_pruned_at is null as has_payload, count(*) as events from events group by 1",
          ),
        ).toEqual([
          { has_payload: 0, events: 60 },
          { has_payload: 1, events: 60 },
        ]);
        await rm(path);
      }

      expect(kills).toBeGreaterThan(5);
    });

    it("in the middle of a replay of dead letters: repeating it sends each one once", async () => {
      const dead = read<{ id: string }>(
        seed,
        "select id from deliveries where status = 'dead' order by seq",
      );
      // Three portions of at most 500, of some thousand statements.
      expect(dead).toHaveLength(1_200);
      let kills = 0;
      for (let statements = 1; ; statements = Math.ceil(statements * 2.2)) {
        await copyFile(seed, path);
        if (await killAfter("replay", path, statements)) break;
        kills += 1;

        const store = await openSqlite(path);
        await replayDead(store);
        await store.close();

        const replays = read<{ of: string }>(
          path,
          "select replay_of as of from deliveries where replay_of is not null order by seq",
        );
        expect(replays.map((one) => one.of)).toEqual(dead.map((one) => one.id));
        await rm(path);
      }

      expect(kills).toBeGreaterThan(5);
    });
  });
});

/** Runs a piece of work until it has run so many statements; `true` when it came to its end before. */
async function killAfter(work: string, file: string, statements: number): Promise<boolean> {
  const child = spawn(
    process.execPath,
    ["--import", beside("kill-after.ts"), beside("killed.ts"), work, file],
    {
      env: {
        KILL_AFTER_STATEMENTS: String(statements),
        KILL_COUNTS: WRITES,
        NODE_COMPILE_CACHE: join(dirname(file), "cache"),
      },
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
  await once(child, "exit");
  if (child.exitCode === null) expect(child.signalCode).toBe("SIGKILL");
  else expect(child.exitCode).toBe(0);
  return child.exitCode === 0;
}

function beside(name: string): string {
  return new URL(name, import.meta.url).pathname;
}

function tablesOf(file: string): unknown[] {
  const database = new Database(file);
  const names = database.prepare("select name from sqlite_schema order by name").pluck().all();
  database.close();
  return names;
}

function read<T>(file: string, query: string): T[] {
  const database = new Database(file);
  const rows = database.prepare(query).all() as T[];
  database.close();
  return rows;
}
