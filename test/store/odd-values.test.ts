import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Outcome } from "../../src/core/outcome.ts";
import type { Claim, LaneOf, Store, StoredSnapshot } from "../../src/store/store.ts";
import { ended } from "./ended.ts";
import { openEmptyStore } from "./empty-store.ts";
import { arrived, newDelivery, processed, rowId } from "./rows.ts";

const NOW = Date.parse("2026-11-22T10:00:00Z");
const LANE = { lane: "slack:a/C1", account: "slack:a" };

describe("a store that is given odd values", () => {
  let store: Store;

  beforeEach(async () => {
    store = await openEmptyStore();
  });
  afterEach(() => store.close());

  /** Stores one event and makes deliveries of it. */
  const deliver = async (lanes: readonly string[]) => {
    await store.enqueue([arrived(rowId("key"))]);
    await store.process(1, NOW, () => processed(lanes.map((lane) => newDelivery(lane))));
  };
  const claim = (now = NOW) =>
    store.claim({ now, limit: 1_000, owner: rowId("clm"), leaseMs: 60_000 });
  const only = async () => (await claim())[0] as Claim;

  describe("texts", () => {
    // Nothing in it repeats, so that no database can make it shorter.
    const long = randomBytes(6_000).toString("base64url");

    it("keeps webhooks whose keys and subjects are as long as payloads may be, and knows them again", async () => {
      const both = [arrived(long, { subject: long }), arrived(`${long}!`, { subject: `${long}!` })];
      await store.enqueue([arrived("short"), ...both]);
      const [again] = await store.enqueue([arrived(long, { subject: long })]);

      expect(again).toEqual({ id: both[0]?.id, isDuplicate: true });
      expect((await store.events({ limit: 10 })).items).toHaveLength(3);
      expect((await store.events({ limit: 10, subject: long })).items).toHaveLength(1);
    });

    it("finds events by a long subject as it shows it", async () => {
      await store.enqueue([arrived("a", { subject: long })]);
      const shown = (await store.events({ limit: 1 })).items[0]?.subject ?? "";

      expect(shown.length).toBeLessThan(600);
      expect((await store.events({ limit: 1, subject: shown })).items).toHaveLength(1);
    });

    it.each([
      ["a long subject", long],
      ["a subject with the character NUL", "a\0b"],
      ["a subject with half of a surrogate pair", "a\ud800b"],
    ])(
      "gives each event the snapshot before, in one batch and in the next, for %s",
      async (_, subject) => {
        const seen: (StoredSnapshot | undefined)[] = [];
        const work = (_event: unknown, before: StoredSnapshot | undefined) => {
          seen.push(before);
          return processed([], { snapshot: snapshotOf(subject) });
        };
        await store.enqueue([arrived("a", { subject }), arrived("b", { subject })]);
        await store.process(10, NOW, work);
        await store.enqueue([arrived("c", { subject })]);
        await store.process(10, NOW, work);

        expect(seen.map((one) => one?.state)).toEqual([undefined, { subject }, { subject }]);
      },
    );

    it.each(["a\0b", "a\ud800b"])("knows a webhook again by the key %j", async (key) => {
      const [first] = await store.enqueue([arrived(key), arrived("other")]);
      const [again] = await store.enqueue([arrived(key)]);

      expect(again).toEqual({ id: first?.id, isDuplicate: true });
    });

    it("searches what platforms said, whatever was in it", async () => {
      await deliver([LANE.lane, "slack:a/C2"]);
      const claims = await claim();
      await store.settle([
        ended(claims[0], refused("NUL \0, half \ud800, \\u0000 and 100% of it")),
        ended(claims[1], refused("nothing of the kind")),
      ]);

      const found = await store.deliveries({ limit: 10, error: "100% of" });

      expect(found.items.map(({ id }) => id)).toEqual([claims[0]?.delivery]);
    });

    it("tells the operator whatever a report says", async () => {
      await store.report([{ cause: "odd:\0", text: "null" }], NOW);
      const due = await store.dueReports(NOW, 0);
      await store.told(due, NOW);

      expect(due).toMatchObject([{ text: "null", count: 1 }]);
      expect(await store.dueReports(NOW + 1, 0)).toEqual([]);
    });

    it("keeps what looks like JSON's null as text, and nothing as nothing", async () => {
      await store.enqueue([arrived("null", { subject: "null", time: null })]);
      await store.process(1, NOW, () => processed([{ ...newDelivery(), template: "null" }]));
      const [event] = (await store.events({ limit: 1 })).items;

      expect(event).toMatchObject({ key: "null", subject: "null", time: null, error: null });
      expect(event?.deliveries).toMatchObject([{ template: "null", ref: null, lastError: null }]);
    });
  });

  describe("lists", () => {
    it("does nothing with empty ones", async () => {
      await store.enqueue([]);
      await store.settle([]);
      await store.extend({ held: [], now: NOW, leaseMs: 1 });
      await store.report([], NOW);
      await store.told([], NOW);
      await store.align([], NOW);
      const replayed = await store.replay({
        deliveries: [],
        events: [],
        lanes: [],
        now: NOW,
        newId: rowId,
      });

      expect(replayed).toEqual([]);
      expect(await store.resume("nobody", NOW)).toEqual({ lanes: 0, closed: [] });
      expect(await store.claim({ now: NOW, limit: 0, owner: "o", leaseMs: 1 })).toEqual([]);
      expect(await store.process(0, NOW, () => processed([]))).toBe(0);
    });

    it("takes thousands of destinations, and opens thousands of lanes that are parked", async () => {
      const lanes = Array.from({ length: 3_000 }, (_, index) => `slack:a/C${index}`);
      const destinations = lanes.map((lane): LaneOf => ({ ...newDelivery(lane) }));
      await deliver(lanes);
      const [first] = await store.claim({ now: NOW, limit: 1, owner: "o", leaseMs: 1 });
      const reason = { code: "token_revoked", text: "Revoked." };
      await store.settle([ended(first, { kind: "rejected", scope: "account", reason })]);

      expect(await store.resume("slack:a", NOW)).toEqual({ lanes: 3_000, closed: [] });
      await store.align(destinations, NOW);
      expect(await store.claim({ now: NOW, limit: 5, owner: "o2", leaseMs: 1 })).toHaveLength(1);
    });

    it("numbers deliveries in the order in which they are made", async () => {
      const deliveries = Array.from({ length: 500 }, () => newDelivery());
      await store.enqueue([arrived("a")]);
      await store.process(1, NOW, () => processed(deliveries));

      const { items } = await store.deliveries({ limit: 500 });

      expect(items.map(({ id }) => id)).toEqual(deliveries.map(({ id }) => id).toReversed());
    });

    it("numbers webhooks in the order in which they came, and keeps the first of two with one key", async () => {
      const keys = ["b", "z", "a", "b", "m", "b"];
      const webhooks = keys.map((key) => arrived(key));
      const enqueued = await store.enqueue(webhooks);

      const { items } = await store.events({ limit: 10 });

      expect(items.map(({ key }) => key)).toEqual(["m", "a", "z", "b"]);
      expect(enqueued[5]).toEqual({ id: webhooks[0]?.id, isDuplicate: true });
      expect(items[3]).toMatchObject({ id: webhooks[0]?.id, duplicates: 2 });
    });
  });

  describe("numbers", () => {
    it("takes times with fractions of a millisecond", async () => {
      await store.enqueue([arrived("a", { receivedAt: NOW + 0.25 })]);
      await store.process(1, NOW + 0.5, () => processed([newDelivery()]));
      const first = (await claim(NOW + 1.5))[0] as Claim;
      const reason = { code: "ratelimited", text: "Slower." };
      await store.settle([
        ended(first, { kind: "retry", scope: "account", reason, afterMs: 0.1 }, NOW + 1.75),
      ]);

      const [second] = await claim(NOW + 3_000.5);
      expect(second).toMatchObject({ delivery: first.delivery, attempt: 2 });
    });

    it("finds nothing behind a cursor that is larger than any number of a row", async () => {
      await deliver([LANE.lane]);

      const cursor = "9".repeat(40);
      expect((await store.events({ limit: 1, cursor })).items).toHaveLength(1);
      expect((await store.deliveries({ limit: 1, cursor })).items).toHaveLength(1);
    });
  });

  describe("what it was given before, because nobody heard of the commit", () => {
    it("tells a report once", async () => {
      await store.report([{ cause: "a", text: "A." }], NOW);
      const due = await store.dueReports(NOW, 0);
      await store.report([{ cause: "a", text: "A again." }], NOW + 1);
      await store.told(due, NOW + 2);
      await store.told(due, NOW + 3);

      expect(await store.dueReports(NOW + 10, 1)).toEqual([
        { cause: "a", text: "A again.", count: 1, since: NOW + 2 },
      ]);
    });

    it("counts a failure once, so that four of them are no outage that lets lanes go ahead", async () => {
      const reason = { code: "x", text: "Because." };
      const release = async (platform: "fails" | "answers", at: number) => {
        const held = await store.reserve({ ...LANE, now: at, owner: "o", leaseMs: 60_000 });
        if (!("owner" in held)) throw new Error("The lane is not free.");
        await store.release(held, { lane: OPEN, account: null, platform, at });
        await store.release(held, { lane: OPEN, account: null, platform, at });
      };
      await deliver(["slack:a/C2"]);
      for (const seconds of [0, 10, 20]) await release("fails", NOW + seconds * 1_000);
      const [head] = await claim(NOW + 40_000);
      await store.settle([ended(head, { kind: "retry", scope: "lane", reason }, NOW + 40_000)]);
      await release("answers", NOW + 40_001);

      expect(await claim(NOW + 40_002)).toEqual([]);
      expect(await claim(NOW + 45_000)).toHaveLength(1);
    });

    it("ends an attempt once, and leaves alone what came after it", async () => {
      await deliver([LANE.lane]);
      const first = await only();
      const reason = { code: "x", text: "Because." };
      const end = ended(first, { kind: "retry", scope: "lane", reason });
      await store.settle([end]);
      const second = (await claim(NOW + 10_000))[0] as Claim;
      await store.settle([end, end]);

      expect(second.attempt).toBe(2);
      expect(await claim(NOW + 20_000)).toEqual([]);
      expect((await store.deliveries({ limit: 1 })).items).toMatchObject([{ status: "sending" }]);
    });
  });
});

function snapshotOf(subject: string) {
  return { subject, time: "2026-11-22T10:00:00Z", state: { subject } };
}

function refused(text: string): Outcome {
  return { kind: "rejected", scope: "message", reason: { code: "odd", text } };
}

const OPEN = { notBefore: 0, askedUntil: 0, failures: 0, parked: null };
