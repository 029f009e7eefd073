import { type RawBuilder, sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore } from "../../src/store/open.ts";
import type { StoreSettings } from "../../src/store/settings.ts";
import type { ArrivedWebhook, PruneRequest, Store } from "../../src/store/store.ts";
import { beside } from "./beside.ts";
import { emptyStore, NOBODY } from "./empty-store.ts";
import { arrived, newDelivery, processed, rowId } from "./rows.ts";

const DAY = 86_400_000;
const NOW = Date.parse("2026-11-22T10:00:00Z");
const OLD = NOW - 100 * DAY;

describe("pruning", () => {
  let settings: StoreSettings;
  let store: Store;

  beforeEach(async () => {
    settings = await emptyStore();
    store = await openStore(settings, NOBODY);
  });
  afterEach(() => store.close());

  /** Keeps a webhook, and routes it to that many lanes. */
  const receive = async (more: Partial<ArrivedWebhook> = {}, deliveries = 0): Promise<string> => {
    const webhook = arrived(rowId("key"), { receivedAt: OLD, ...more });
    await store.enqueue([webhook]);
    const to = Array.from({ length: deliveries }, () => newDelivery());
    await store.process(1, webhook.receivedAt, () => processed(to));
    return webhook.id;
  };
  const run = (statement: RawBuilder<unknown>) => beside(settings, statement);
  /** Gives up on everything that waits, which is done only where it is parked. */
  const giveUp = async () => {
    await run(sql`update lanes set parked = '{"code":"is_archived","text":"It is archived."}'`);
    while ((await store.expire({ before: NOW, now: NOW, toReports: () => [] })).length > 0);
    await run(sql`update lanes set parked = null`);
  };
  /** Prunes to the end, and returns how much that was. */
  const pruneAll = async (what: PruneRequest["what"], before = NOW - 30 * DAY) => {
    let [count, from]: [number, PruneRequest["from"]] = [0, null];
    do {
      const pruned = await store.prune({ what, before, from, now: NOW });
      count += pruned.count;
      from = pruned.next;
    } while (from !== null);
    return count;
  };
  const count = async (table: string) => {
    const [row] = await beside(
      settings,
      sql<{ rows: number }>`select count(*) as rows from ${sql.table(table)}`,
    );
    return row?.rows;
  };

  describe("of payloads", () => {
    it("empties those of old events, and keeps what the events brought about", async () => {
      const old = await receive({}, 2);
      const young = await receive({ receivedAt: NOW - 30 * DAY });
      await giveUp();

      const pruned = await pruneAll("payloads");
      const event = await store.event(old);

      expect(pruned).toBe(1);
      expect(event).toMatchObject({ payloadPrunedAt: NOW, status: "sent" });
      expect(event?.body).toHaveLength(0);
      expect(event?.changes).toHaveLength(1);
      expect(event?.deliveries).toHaveLength(2);
      expect(await store.event(young)).toMatchObject({ payloadPrunedAt: null });
    });

    it("keeps that of an event of which a message still waits", async () => {
      const id = await receive({}, 1);

      const waiting = await pruneAll("payloads");
      await giveUp();
      const over = await pruneAll("payloads");

      expect([waiting, over]).toEqual([0, 1]);
      expect(await store.event(id)).toMatchObject({ payloadPrunedAt: NOW });
    });

    it("keeps those that are in quarantine or not processed yet", async () => {
      const quarantined = arrived("q", { receivedAt: OLD, quarantine: { code: "x", text: "No." } });
      const failed = arrived("f", { receivedAt: OLD });
      await store.enqueue([quarantined, failed]);
      await store.process(1, OLD, () => processed([], { status: "quarantined" }));
      await store.enqueue([arrived("s", { receivedAt: OLD })]);

      expect(await pruneAll("payloads")).toBe(0);
    });

    it("passes over what it must keep, however much that is", async () => {
      await store.enqueue(
        Array.from({ length: 250 }, (_, index) => arrived(`kept-${index}`, { receivedAt: OLD })),
      );
      await store.process(250, OLD, () => processed([newDelivery()]));
      await receive();

      expect(await pruneAll("payloads")).toBe(1);
    });

    it("takes large ones few at a time", async () => {
      for (let index = 0; index < 5; index += 1) await receive({ body: Buffer.alloc(700_000, 97) });

      const first = await store.prune({ what: "payloads", before: NOW, from: null, now: NOW });

      expect(first.count).toBe(1);
      expect(await pruneAll("payloads")).toBe(4);
    });

    it("lets nothing be replayed from them, and says so of each that is named", async () => {
      const id = await receive({}, 1);
      await giveUp();
      await pruneAll("payloads");
      const [dead] = (await store.event(id))?.deliveries ?? [];
      const again = { now: NOW, newId: rowId, lanes: [] };

      expect(await store.replay({ ...again, events: [id] })).toMatchObject([
        { id: null, of: dead?.id, hindrance: "pruned" },
      ]);
      expect(await store.replay({ ...again, deliveries: [dead?.id ?? ""] })).toMatchObject([
        { id: null, of: dead?.id, hindrance: "pruned" },
      ]);
      expect(await store.replay({ ...again, select: { status: "dead" } })).toEqual([]);
    });
  });

  describe("of events", () => {
    it("deletes the rulebooks that none of those left points into, and no other", async () => {
      const decide = async (name: string, receivedAt: number) => {
        await store.enqueue([arrived(rowId("key"), { receivedAt })]);
        const rulebook = { routes: [{ name, expectations: [] }] };
        await store.process(1, receivedAt, () =>
          processed([], { verdicts: { rulebook, refusals: [] } }),
        );
      };
      await decide("gone", OLD);
      await decide("old, and in use", OLD + DAY);
      await decide("old, and in use", NOW);

      await pruneAll("events");

      expect(await count("events")).toBe(1);
      expect(await count("rulebooks")).toBe(1);
      const { items } = await store.events({ limit: 9 });
      expect(items[0]?.routes).toEqual([{ name: "old, and in use", matched: true }]);
    });

    it("deletes old ones together with their deliveries and attempts", async () => {
      await receive({}, 3);
      await store.claim({ now: OLD, limit: 9, owner: "a", leaseMs: 1 });
      await giveUp();
      const young = await receive({ receivedAt: NOW }, 1);

      // The one that was under way is not given up on, and holds its event.
      expect(await pruneAll("events")).toBe(0);
      await run(sql`update deliveries set status = 'delivered' where status = 'sending'`);

      expect(await pruneAll("events")).toBe(1);
      const left = [await count("events"), await count("deliveries"), await count("attempts")];
      expect(left).toEqual([1, 1, 0]);
      expect(await store.event(young)).toBeDefined();
    });

    it("keeps one of which a message waits or was replayed lately, with all that belongs to it", async () => {
      const waiting = await receive({}, 2);
      await giveUp();
      const replayed = await store.replay({ events: [waiting], now: NOW, newId: rowId, lanes: [] });

      expect(replayed).toHaveLength(2);
      expect(await pruneAll("events")).toBe(0);
      await giveUp();
      expect(await pruneAll("events")).toBe(0);
      expect(await pruneAll("events", NOW + 1)).toBe(1);
      expect(await count("deliveries")).toBe(0);
    });

    it("deletes what is in quarantine too, but nothing that is not processed yet", async () => {
      await store.enqueue([
        arrived("q", { receivedAt: OLD, quarantine: { code: "x", text: "No." } }),
        arrived("s", { receivedAt: OLD }),
      ]);

      expect(await pruneAll("events")).toBe(1);
      expect((await store.events({ limit: 9 })).items).toMatchObject([{ key: "s" }]);
    });

    it("keeps what is known of each customer", async () => {
      const snapshot = {
        subject: "customer-1",
        time: "2026-08-14T10:00:00Z",
        state: { plan: "Pro" },
      };
      await store.enqueue([arrived("a", { receivedAt: OLD })]);
      await store.process(1, OLD, () => processed([], { snapshot }));

      await pruneAll("events");
      await store.enqueue([arrived("b")]);
      const before: unknown[] = [];
      await store.process(1, NOW, (_, known) => {
        before.push(known?.state);
        return processed([]);
      });

      expect(before).toEqual([{ plan: "Pro" }]);
    });
  });
});
