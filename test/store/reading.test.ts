import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openReading, openStore } from "../../src/store/open.ts";
import type { Reading, ReadingRange } from "../../src/store/reading.ts";
import type { StoreSettings } from "../../src/store/settings.ts";
import type { ArrivedWebhook, RecordedEvent, Store } from "../../src/store/store.ts";
import { beside } from "./beside.ts";
import { emptyPlace, emptyStore, NOBODY } from "./empty-store.ts";
import { arrived, processed } from "./rows.ts";

const ALL = { since: 0, until: Number.MAX_SAFE_INTEGER };

describe("a store that is read beside its bridge", () => {
  let settings: StoreSettings;
  let store: Store;
  let reading: Reading;

  beforeEach(async () => {
    settings = await emptyStore();
    store = await openStore(settings, NOBODY);
    reading = await openReading(settings);
  });
  afterEach(async () => {
    await reading.close();
    await store.close();
  });

  const keep = async (
    count: number,
    more: (index: number) => Partial<ArrivedWebhook> = () => ({}),
  ) =>
    store.enqueue(
      Array.from({ length: count }, (_, index) =>
        arrived(`k${index}`, { receivedAt: index + 1, ...more(index) }),
      ),
    );
  const read = async (range: ReadingRange) => {
    const found: RecordedEvent[] = [];
    for await (const portion of reading.events(range)) found.push(...portion);
    return found;
  };
  const times = async (range: ReadingRange) => (await read(range)).map((one) => one.receivedAt);

  it("gives every event in the order of arrival, with what was decided", async () => {
    await keep(3);
    await store.process(2, 10, () => processed([]));

    const found = await read(ALL);

    expect(found.map((one) => [one.receivedAt, one.status])).toEqual([
      [1, "unrouted"],
      [2, "unrouted"],
      [3, "stored"],
    ]);
    expect(found[0]).toMatchObject({
      source: "polar",
      subject: "customer-1",
      changes: [{ kind: "group.added" }],
      payloadPrunedAt: null,
    });
    expect(Buffer.from(found[0]?.body ?? []).toString()).toBe('{"key":"k0"}');
  });

  it("gives many events in portions, none twice", async () => {
    await keep(450);
    const sizes: number[] = [];

    for await (const portion of reading.events(ALL)) sizes.push(portion.length);

    expect(sizes).toEqual([200, 200, 50]);
    expect(new Set(await times(ALL)).size).toBe(450);
    expect(await reading.count(ALL)).toBe(450);
  });

  it("holds only so many bytes of payloads at once", async () => {
    await keep(3, () => ({ body: Buffer.alloc(3_000_000) }));
    const sizes: number[] = [];

    for await (const portion of reading.events(ALL)) sizes.push(portion.length);

    expect(sizes).toEqual([1, 1, 1]);
  });

  it("keeps to a time, a source and a number of events, of which it takes the newest", async () => {
    await keep(6, (index) => ({ source: index % 2 === 0 ? "polar" : "plain" }));

    expect(await times({ since: 2, until: 5 })).toEqual([2, 3, 4]);
    expect(await times({ ...ALL, source: "plain" })).toEqual([2, 4, 6]);
    expect(await times({ ...ALL, limit: 2 })).toEqual([5, 6]);
    expect(await times({ ...ALL, source: "polar", limit: 2 })).toEqual([3, 5]);
    expect(await times({ ...ALL, limit: 100 })).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await reading.count({ ...ALL, limit: 2 })).toBe(2);
    expect(await times({ since: 7, until: 9 })).toEqual([]);
  });

  it("leaves out what arrives meanwhile", async () => {
    await keep(300);
    const found: number[] = [];

    for await (const portion of reading.events(ALL)) {
      if (found.length === 0) await store.enqueue([arrived("later", { receivedAt: 1_000 })]);
      found.push(...portion.map((one) => one.receivedAt));
    }

    expect(found).toHaveLength(300);
    expect(found).not.toContain(1_000);
  });

  it("finds the payload before an event that its subject was known from", async () => {
    await keep(4, (index) => ({ subject: index === 1 ? "customer-2" : "customer-1" }));
    let at = 0;
    const statuses = ["sent", "sent", "stale", "sent"] as const;
    await store.process(4, 10, () => processed([], { status: statuses[at++] ?? "sent" }));
    const [first, , , last] = await read(ALL);
    if (first === undefined || last === undefined) throw new Error("Events are missing.");

    const before = await reading.earlier(last);
    const none = await reading.earlier(first);
    await store.prune({ what: "payloads", before: 2, from: null, now: 10 });
    const pruned = await reading.earlier(last);

    expect(Buffer.from(before ?? []).toString()).toBe('{"key":"k0"}');
    expect(none).toBeUndefined();
    expect(pruned).toBeUndefined();
  });

  it("can be read also while no bridge runs", async () => {
    await keep(1);
    await store.close();
    const alone = await openReading(settings);

    const count = await alone.count(ALL);
    await alone.close();
    store = await openStore(settings, NOBODY);

    expect(count).toBe(1);
  });
});

describe("what is no store that can be read", () => {
  it("is told when it is a database of another program", async () => {
    const place = await emptyPlace();
    await beside(place, sql`create table notes (text text)`);

    await expect(openReading(place)).rejects.toMatchObject({
      code: "store-empty",
      hint: expect.stringContaining("`store`"),
    });
  });

  it("is told when an older version wrote it, and it stays as it is", async () => {
    const store = await emptyStore();
    await beside(store, sql`delete from kysely_migration where name like '007%'`);

    const refused = openReading(store);

    await expect(refused).rejects.toMatchObject({
      code: "store-older",
      hint: expect.stringContaining("Start its bridge once with this version"),
    });
    const left = sql`select 1 from kysely_migration where name like '007%'`;
    expect(await beside(store, left)).toEqual([]);
  });

  it("is told when a newer version wrote it", async () => {
    const store = await emptyStore();
    await beside(store, sql`insert into kysely_migration values ('999-new', '2026')`);

    await expect(openReading(store)).rejects.toMatchObject({ code: "store-newer" });
  });
});
