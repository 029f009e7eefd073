import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openPostgres } from "../../src/store/postgres/open.ts";
import type { Store } from "../../src/store/store.ts";
import { type FreshDatabase, freshStore } from "../postgres/database.ts";
import { query } from "../postgres/query.ts";
import { settingsFor } from "../postgres/tables.ts";
import { Chronicle } from "./concurrency/chronicle.ts";
import { drain } from "./concurrency/drain.ts";
import { HastyBridge } from "./concurrency/hasty-bridge.ts";
import { HurriedClock } from "./concurrency/hurried-clock.ts";
import { problemsLeft, problemsNow } from "./concurrency/ledger.ts";
import { Luck } from "./concurrency/luck.ts";
import { Vendor } from "./concurrency/vendor.ts";

const BRIDGES = 4;

/** For how long they work at the least, and by which seed they choose what they do; both can be given from outside. */
const SECONDS = Number(process.env["CONCURRENCY_SECONDS"] ?? 7);
const SEED = Number(process.env["CONCURRENCY_SEED"] ?? Date.now() % 1_000_000);

/** How many attempts they make at the least, however slow the machine is. */
const LEAST_ATTEMPTS = 40;

describe("several bridges on one database", { timeout: 60_000 + SECONDS * 3_000 }, () => {
  let database: FreshDatabase;
  let stores: Store[];

  beforeEach(async () => {
    database = await freshStore();
    stores = await Promise.all(
      Array.from({ length: BRIDGES + 1 }, () => openPostgres(settingsFor(database.url))),
    );
  });
  afterEach(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await database.drop();
  });

  it("lose nothing, do nothing twice and keep every order, whatever they do at once and whenever a connection breaks", async () => {
    const clock = new HurriedClock(Date.parse("2026-11-22T10:00:00Z"));
    const chronicle = new Chronicle();
    const vendor = new Vendor();
    let ids = 0;
    const newId = (prefix: string) => `${prefix}_${String(++ids).padStart(8, "0")}`;
    const [last, ...others] = stores as [Store, ...Store[]];
    const bridges = others.map((store, index) => {
      const luck = new Luck(SEED + index);
      const name = `bridge-${index}`;
      return new HastyBridge({ store, name, luck, clock, chronicle, newId, vendor });
    });

    const stopping = new AbortController();
    const stop = stopping.signal;
    const [seen] = await Promise.all([
      watch(database.url, stop),
      breakConnections(database.url, new Luck(SEED), stop),
      ...bridges.map((bridge) => bridge.run(stop)),
      enough(chronicle).then(() => stopping.abort()),
    ]);
    await drain(last, clock, newId);

    const left = await problemsLeft(database.url, chronicle, clock.now());
    expect({ seed: SEED, problems: [...seen, ...left] }).toEqual({ seed: SEED, problems: [] });
    expect(chronicle.outages).toBeGreaterThan(0);
  });
});

/** Resolves when they have worked for long enough. */
async function enough({ attempts }: Chronicle): Promise<void> {
  await pause(SECONDS * 1_000);
  while (attempts.length < LEAST_ATTEMPTS) await pause(100);
}

/** Looks at the database again and again, and gives back what it saw that must never be seen. */
async function watch(url: string, stop: AbortSignal): Promise<string[]> {
  const seen = new Set<string>();
  while (!stop.aborted) {
    for (const problem of await problemsNow(url)) seen.add(problem);
    await pause(200);
  }
  return [...seen];
}

/** Ends connections of the bridges at random, in the middle of whatever they do. */
async function breakConnections(url: string, luck: Luck, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    await pause(luck.between(200, 1_200));
    await query(
      url,
      `select pg_terminate_backend(pid) from (
        select pid from pg_stat_activity
        where datname = current_database() and application_name = 'bellhop' and state <> 'idle'
        order by random() limit ${luck.between(1, 2)}
      ) as busy`,
    );
  }
}
