import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Store } from "../../src/store/store.ts";
import { openEmptyStore } from "./empty-store.ts";
import { arrived, newDelivery, processed } from "./rows.ts";

const NOW = Date.parse("2026-11-22T10:00:00Z");
const SECOND = 1_000;
const DAY = 86_400_000;

describe("between two times", () => {
  let store: Store;
  beforeEach(async () => {
    store = await openEmptyStore();
  });
  afterEach(() => store.close());

  /** Receives so many webhooks, one delivery each, while the clock stands at each of the times. */
  const receive = async (times: readonly number[], count = 1) => {
    for (const at of times) {
      const keys = Array.from({ length: count }, (_, index) => `${at}-${index}-${Math.random()}`);
      await store.enqueue(keys.map((key) => arrived(key, { receivedAt: at })));
      while ((await store.process(100, at, () => processed([newDelivery()]))) > 0);
    }
  };
  const listed = async (range: { since?: number; until?: number }) => {
    const events = await store.events({ limit: 2_000, ...range });
    const deliveries = await store.deliveries({ limit: 2_000, ...range });
    const times = events.items.map((event) => (event.receivedAt - NOW) / SECOND);
    expect(deliveries.items.map((one) => (one.createdAt - NOW) / SECOND)).toEqual(times);
    return times;
  };

  it("everything is listed from the first instant on, and nothing of the last", async () => {
    await receive([0, 1, 2, 3, 4].map((seconds) => NOW + seconds * SECOND));

    const times = await listed({ since: NOW + SECOND, until: NOW + 3 * SECOND });

    expect(times).toEqual([2, 1]);
  });

  it("nothing is listed where there is nothing", async () => {
    await receive([NOW - DAY, NOW + DAY]);

    const ranges = await Promise.all([
      listed({ since: NOW, until: NOW + SECOND }),
      listed({ since: NOW + 2 * DAY }),
      listed({ until: NOW - 2 * DAY }),
    ]);

    expect(ranges).toEqual([[], [], []]);
  });

  it("what came while the clock was half a minute ahead is listed under that time", async () => {
    await receive([NOW - DAY, NOW + 30 * SECOND, NOW - SECOND]);
    await receive([NOW], 1_200);

    const times = await listed({ since: NOW });

    expect(times).toHaveLength(1_201);
    expect(times.at(-1)).toBe(30);
  });

  it("what came while the clock was half a minute behind is listed under that time", async () => {
    await receive([NOW], 1_200);
    await receive([NOW + SECOND, NOW - 30 * SECOND, NOW + DAY]);

    const times = await listed({ until: NOW + SECOND });

    expect(times).toHaveLength(1_201);
    expect(times[0]).toBe(-30);
  });

  it("what came before the clock fell behind by a day is listed", async () => {
    await receive([NOW]);
    await receive([NOW - DAY], 1_200);
    await receive([NOW + SECOND]);

    const times = await listed({ since: NOW });

    expect(times).toEqual([1, 0]);
  });

  it("what came after the clock ran ahead by a day is listed", async () => {
    await receive([NOW]);
    await receive([NOW + DAY], 1_200);
    await receive([NOW + SECOND]);

    const times = await listed({ until: NOW + DAY });

    expect(times).toEqual([1, 0]);
  });
});
