import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Store } from "../../src/store/store.ts";
import { openEmptyStore } from "./empty-store.ts";
import { arrived, newDelivery, processed } from "./rows.ts";

const MEBIBYTE = 1_048_576;
const NOW = Date.parse("2026-11-22T10:00:00Z");

describe("with large payloads the store holds few at a time", () => {
  let store: Store;

  beforeEach(async () => {
    store = await openEmptyStore();
  });
  afterEach(() => store.close());

  const receive = (count: number, bytes: number) =>
    store.enqueue(
      Array.from({ length: count }, (_, index) =>
        arrived(`${bytes}-${index}`, { body: Buffer.alloc(bytes, 97) }),
      ),
    );
  const process = () => store.process(100, NOW, () => processed([]));

  it("when it has them processed, but at least one, and in order", async () => {
    await receive(3, 0.75 * MEBIBYTE);
    await receive(2, 3 * MEBIBYTE);
    await receive(150, 10);

    const counts: number[] = [];
    while (counts.at(-1) !== 0) counts.push(await process());

    expect(counts).toEqual([2, 1, 1, 1, 100, 50, 0]);
  });

  it("when they are claimed: each takes as many places as it is large, but one is claimed however large", async () => {
    const request = { now: NOW, owner: "a", leaseMs: 1_000 };
    const claim = (limit: number) => store.claim({ ...request, limit });
    const deliver = async (count: number, bytes: number) => {
      await receive(count, bytes);
      for (let sent = 0; sent < count;)
        sent += await store.process(count, NOW, ({ id }) => processed([newDelivery(id, id)]));
    };
    await deliver(20, MEBIBYTE);

    const first = await claim(128);
    const second = await claim(1);
    const third = await claim(128);
    await deliver(2, 17 * MEBIBYTE);
    const large = await claim(128);
    await deliver(10, 100_000);
    const none = await claim(0);
    const rest = await claim(128);

    expect([first, second, third].map((one) => one.length)).toEqual([16, 1, 3]);
    expect(first.map((one) => one.places)).toEqual(Array.from({ length: 16 }, () => 8));
    expect(large.map((one) => one.places)).toEqual([136]);
    expect(none).toEqual([]);
    expect(rest.map((one) => one.places)).toEqual([136]);
    expect(await claim(128)).toHaveLength(10);
  });

  it("when it lists them: a page ends early, and the next goes on behind it", async () => {
    await receive(10, 4 * MEBIBYTE);

    const first = await store.events({ limit: 10 });
    const second = await store.events({ limit: 10, cursor: first.next ?? "" });
    const third = await store.events({ limit: 10, cursor: second.next ?? "" });

    expect([first, second, third].map((page) => page.items.length)).toEqual([4, 4, 2]);
    expect(third.next).toBeNull();
  });
});
