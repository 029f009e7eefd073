import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Outcome } from "../../src/core/outcome.ts";
import { openPostgres } from "../../src/store/postgres/open.ts";
import type { Claim, LaneOf, Store } from "../../src/store/store.ts";
import { type FreshDatabase, freshStore } from "../postgres/database.ts";
import { query } from "../postgres/query.ts";
import { settingsFor } from "../postgres/tables.ts";
import { ended } from "./ended.ts";
import { arrived, newDelivery, processed, rowId } from "./rows.ts";

const NOW = Date.parse("2026-11-22T10:00:00Z");
const LEASE = 60_000;
const [C1, C2] = ["slack:a/C1", "slack:a/C2"];
const reason = { code: "x", text: "Because." };

describe("two bridges that meet at one moment", () => {
  let database: FreshDatabase;
  let here: Store;
  let there: Store;
  /** What another bridge does, one statement after the other. */
  let other: Client;

  beforeEach(async () => {
    database = await freshStore();
    here = await openPostgres(settingsFor(database.url));
    there = await openPostgres(settingsFor(database.url));
    other = new Client({ connectionString: database.url });
    await other.connect();
  });
  afterEach(async () => {
    await other.end();
    await Promise.all([here.close(), there.close()]);
    await database.drop();
  });

  const claim = (store = here, now = NOW) =>
    store.claim({ now, limit: 10, owner: rowId("clm"), leaseMs: LEASE });
  /** Stores one event and makes deliveries of it. */
  const deliver = async (...lanes: string[]) => {
    await here.enqueue([arrived(rowId("key"))]);
    await here.process(1, NOW, () => processed(lanes.map((lane) => newDelivery(lane))));
  };
  const settle = (claimed: Claim | undefined, outcome: Outcome, store = here, now = NOW) =>
    store.settle([ended(claimed, outcome, now)]);
  const statuses = async () =>
    (await here.deliveries({ limit: 10 })).items.map(({ status }) => status);
  /** Has the other one begin the head of a lane in a transaction, while something waits for its end. */
  const whileBeginning = async <T>(lane: string, work: () => Promise<T>): Promise<T> => {
    await other.query("begin");
    await other.query("select from lanes where id = $1 for update", [lane]);
    const working = work();
    await untilWaiting(working);
    await other.query("update lanes set lease_until = $2, owner = 'other' where id = $1", [
      lane,
      NOW + LEASE,
    ]);
    await other.query("update deliveries set status = 'sending', attempts = 1 where lane = $1", [
      lane,
    ]);
    await other.query("commit");
    return working;
  };
  /** Resolves once something waits for what the other one holds, or does not, and has come to its end. */
  const untilWaiting = async (work: Promise<unknown>) => {
    const over = work.then(
      () => true,
      () => true,
    );
    const waiting = "select from pg_stat_activity where wait_event_type = 'Lock'";
    while ((await query(database.url, waiting)).length === 0)
      if (await Promise.race([over, pause(5, false)])) return;
  };

  it("give up on nothing that the other one begins", async () => {
    await deliver(C1);
    await settle((await claim())[0], { kind: "rejected", scope: "lane", reason });

    const expired = await whileBeginning(C1, () =>
      here.expire({ before: NOW, now: NOW, toReports: () => [] }),
    );

    expect(expired).toEqual([]);
    expect(await statuses()).toEqual(["sending"]);
  });

  it("move nothing that the other one begins", async () => {
    await deliver(C1);
    const moved: LaneOf = { ...newDelivery(C1), lane: C2 };

    await whileBeginning(C1, () => here.align([moved], NOW));

    expect((await here.deliveries({ limit: 1 })).items).toMatchObject([{ lane: C1 }]);
    expect(await claim()).toEqual([]);
  });

  it("leave no lane without a time to look at it when one adds to it what the other ends", async () => {
    await deliver(C1);
    const [first] = await claim();
    await here.enqueue([arrived("more")]);

    await Promise.all([
      settle(first, { kind: "delivered", ref: NOWHERE }),
      there.process(1, NOW, () => processed([newDelivery(C1)])),
    ]);

    expect(await claim(there, NOW + 10_000)).toHaveLength(1);
  });

  it("repeat what both are asked to repeat only once", async () => {
    for (let count = 0; count < 5; count += 1) await deliver(C1);
    await here.settle(
      (await claim()).map((one) => ended(one, { kind: "rejected", scope: "message", reason })),
    );
    await query(database.url, "update deliveries set status = 'dead'");
    const [one, two] = await Promise.all([replayDead(here), replayDead(there)]);

    expect(one.length + two.length).toBe(5);
    expect((await statuses()).filter((status) => status === "pending")).toHaveLength(5);
  });

  it.each(["payloads", "events"] as const)(
    "prune no %s that the other one makes a message of again",
    async (what) => {
      await here.enqueue([arrived("a", { receivedAt: NOW - 1_000 })]);
      await here.process(1, NOW - 1_000, () => processed([newDelivery(C1)]));
      await query(database.url, "update deliveries set status = 'dead'");
      const request = { what, before: NOW, from: null, now: NOW };

      await other.query("begin");
      await other.query("select from events for share");
      const meanwhile = await here.prune(request);
      await other.query(`insert into deliveries
        (id, event, route, destination, lane, status, form, attempts, created_at)
        select 'again', event, route, destination, lane, 'pending', form, 0, created_at from deliveries`);
      await other.query("commit");
      const afterwards = await here.prune(request);

      expect([meanwhile.count, afterwards.count]).toEqual([0, 0]);
      expect((await here.events({ limit: 1 })).items).toMatchObject([{ payloadPrunedAt: null }]);
    },
  );

  it("repeat no delivery whose event the other one prunes", async () => {
    await deliver(C1);
    await query(database.url, "update deliveries set status = 'dead'");

    await other.query("begin");
    await other.query("select from events for update");
    const replaying = replayDead(here);
    await untilWaiting(replaying);
    await other.query("delete from deliveries");
    await other.query("delete from events");
    await other.query("commit");

    expect(await replaying).toEqual([]);
    expect(await statuses()).toEqual([]);
  });

  it("probe an account in one lane alone, also when one ends an attempt that the other has taken over", async () => {
    await deliver(C1, C2, "slack:a/C3");
    const [first, ...more] = await claim();
    for (const one of more) await settle(one, { kind: "retry", scope: "lane", reason, own: true });
    await settle(first, { kind: "retry", scope: "account", reason, afterMs: 1_000 });
    const [probe] = await claim(here, NOW + 10_000);
    const [taken] = await claim(there, NOW + 10_000 + LEASE);
    await settle(probe, { kind: "unknown", reason }, here, NOW + 10_001 + LEASE);

    expect(taken).toMatchObject({ lane: probe?.lane, attempt: (probe?.attempt ?? 0) + 1 });
    expect(await claim(here, NOW + 20_000 + LEASE)).toEqual([]);
  });

  it("do not wait for each other when one wakes the lanes that the other adds to", async () => {
    const lanes = ["slack:a/C1", "slack:a/C2", "slack:a/C3", "slack:a/C4", "slack:a/C5"];
    await deliver(...lanes);
    const claims = (await claim()).toSorted((one, next) => (one.lane > next.lane ? -1 : 1));
    for (const [index, one] of claims.entries())
      await settle(one, { kind: "retry", scope: "lane", reason }, here, NOW + index * 10_000);
    // By now all but the first lane are due anyway.
    const request = { now: NOW + 40_500, limit: 1, owner: "back", leaseMs: LEASE };
    const [back] = await here.claim({ ...request, except: lanes.slice(0, 4) });

    await other.query("begin; set local lock_timeout = 500");
    await other.query("select from lanes where id = $1 for update", [C1]);
    const settling = settle(back, { kind: "delivered", ref: NOWHERE }, here, NOW + 40_501);
    await untilWaiting(settling);
    await other.query("select from lanes where id = $1 for update", [back?.lane]);
    await other.query("commit");
    await settling;

    expect(await claim(here, NOW + 40_502)).toHaveLength(4);
  });
});

function replayDead(store: Store) {
  return store.replay({ select: { status: "dead" }, lanes: [], now: NOW + 1, newId: rowId });
}

const NOWHERE = { channel: null, id: null, url: null };
