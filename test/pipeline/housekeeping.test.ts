import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Housekeeping, type Tidied } from "../../src/pipeline/housekeeping.ts";
import type { Store } from "../../src/store/store.ts";
import { openEmptyStore } from "../store/empty-store.ts";
import { arrived, processed } from "../store/rows.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.parse("2026-11-22T10:00:00Z");

describe("housekeeping", () => {
  let store: Store;
  let now: number;
  let told: Tidied[];
  let housekeeping: Housekeeping;

  beforeEach(async () => {
    store = await openEmptyStore();
    now = START;
    told = [];
    housekeeping = new Housekeeping({
      store,
      duty: { isMine: async () => true, leave: async () => {} },
      retention: () => ({ payloadsMs: 30 * DAY, deliveriesMs: 90 * DAY }),
      now: () => now,
      onPruned: (tidied) => told.push(tidied),
      onError: (error) => expect.unreachable(String(error)),
    });
  });
  afterEach(() => store.close());

  /** Steps until the round is over, and returns how many that took. */
  const round = async () => {
    for (let steps = 1; ; steps += 1)
      if ((await housekeeping.step()).dueInMs === HOUR) return steps;
  };
  const receive = async (count: number, at: number) => {
    const keys = Array.from({ length: count }, (_, index) => `${at}-${index}`);
    await store.enqueue(keys.map((key) => arrived(key, { receivedAt: at })));
    await store.process(count, at, () => processed([]));
  };

  it("begins soon after the start, and then comes every hour", async () => {
    const first = await housekeeping.step();
    now += first.dueInMs ?? 0;
    await round();
    now += HOUR - 1;
    const tooSoon = await housekeeping.step();

    expect(first.dueInMs).toBe(10_000);
    expect(tooSoon.dueInMs).toBe(1);
  });

  it("works through any number of old events in small steps, and tells once what it did", async () => {
    await receive(300, START - 100 * DAY);
    await receive(300, START - 40 * DAY);
    await receive(1, START - DAY);
    now += 10_000;

    const steps = await round();
    const kept = await store.events({ limit: 500 });

    expect(steps).toBeGreaterThan(8);
    expect(told).toEqual([{ payloads: 600, events: 300 }]);
    expect(kept.items.filter((one) => one.payloadPrunedAt !== null)).toHaveLength(300);
    expect(kept.items).toHaveLength(301);
  });

  it("says nothing when nothing is old", async () => {
    await receive(3, START - DAY);
    now += 10_000;

    await round();

    expect(told).toEqual([]);
  });

  it("is not put off by a clock that is set back", async () => {
    now += 10_000;
    await round();
    now -= 365 * DAY;

    const { dueInMs } = await housekeeping.step();

    expect(dueInMs).toBe(HOUR);
  });

  it("waits a minute after the store could not be written, and goes on where it was", async () => {
    await receive(300, START - 40 * DAY);
    now += 10_000;
    await housekeeping.step();
    await store.close();

    const failed = housekeeping.step();

    await expect(failed).rejects.toThrow("driver has already been destroyed");
    expect((await housekeeping.step()).dueInMs).toBe(60_000);
    store = await openEmptyStore();
  });
});
