import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Change } from "../../src/core/change.ts";
import { change } from "../../src/core/change.ts";
import { judge } from "../../src/core/delivery.ts";
import type { Outcome } from "../../src/core/outcome.ts";
import type {
  ArrivedWebhook,
  Claim,
  EventRecord,
  NewDelivery,
  Processed,
  Store,
} from "../../src/store/store.ts";

const NOW = Date.parse("2026-11-22T10:00:00Z");
const CHANGES: readonly Change[] = [
  change({ kind: "group.added", summary: "Added to the group Enterprise.", tone: "info" }),
];

function sent(deliveries: NewDelivery[], more: Partial<Processed> = {}): Processed {
  return {
    status: "sent",
    changes: CHANGES,
    routes: [{ name: "all", matched: true }],
    deliveries,
    snapshot: null,
    revision: "r1",
    error: null,
    ...more,
  };
}

/** What every store must do, whatever database is behind it. */
export function storeConformance(open: () => Promise<Store>): void {
  let store: Store;
  let count: number;
  const id = (prefix: string) => `${prefix}_${String(++count).padStart(6, "0")}`;

  beforeEach(async () => {
    count = 0;
    store = await open();
  });
  afterEach(async () => {
    await store.close();
  });

  const webhook = (key: string, more: Partial<ArrivedWebhook> = {}): ArrivedWebhook => ({
    id: id("evt"),
    source: "polar",
    key,
    type: "customer.state_changed",
    time: "2026-11-22T10:00:00Z",
    subject: "customer-1",
    receivedAt: NOW,
    body: Buffer.from(`{"key":"${key}"}`),
    quarantine: null,
    ...more,
  });
  const delivery = (lane = "slack:a/C1", account = "slack:a"): NewDelivery => ({
    id: id("dlv"),
    route: "all",
    template: null,
    destination: `to ${lane}`,
    lane,
    account,
  });
  /** Stores one event a key and routes each to the lanes. */
  const deliver = async (keys: string[], lanes: [lane: string, account: string][]) => {
    await store.enqueue(keys.map((key) => webhook(key)));
    await store.process(100, NOW, () =>
      sent(lanes.map(([lane, account]) => delivery(lane, account))),
    );
  };
  const claim = (now = NOW, owner = "bridge-1") =>
    store.claim({ now, limit: 10, owner, leaseMs: 60_000 });
  const settle = (claimed: Claim, outcome: Outcome, now = NOW) =>
    store.settle(
      claimed,
      judge(outcome, {
        now,
        random: 0.5,
        createdAt: claimed.createdAt,
        giveUpAfterMs: 1_000_000_000,
        form: claimed.form,
        paceMs: 1_000,
        onUnknown: "retry",
        laneFailures: claimed.laneFailures,
        accountFailures: claimed.accountFailures,
        laneParked: claimed.laneParked,
        accountParked: claimed.accountParked,
      }),
      {
        outcome: outcome.kind,
        reason: outcome.kind === "delivered" ? null : outcome.reason,
        endedAt: now,
        template: "default",
        templateError: null,
      },
    );
  const posted: Outcome = { kind: "delivered", ref: { channel: "C1", id: "1.2", url: null } };
  const reason = { code: "x", text: "Because." };

  describe("events", () => {
    it("keeps a webhook byte for byte, and finds it again by its id", async () => {
      const body = Buffer.from([0x7b, 0xff, 0x00, 0x0a, 0x7d]);

      const [kept] = await store.enqueue([webhook("a", { body })]);
      const found = await store.event(kept?.id ?? "");

      expect(Buffer.from(found?.body ?? [])).toEqual(body);
      expect(found).toMatchObject({ status: "stored", key: "a", changes: [], deliveries: [] });
    });

    it("tells a duplicate by source and key, also within one batch, and names the first", async () => {
      const [first] = await store.enqueue([webhook("a")]);

      const again = await store.enqueue([webhook("a"), webhook("b"), webhook("b")]);
      const elsewhere = await store.enqueue([webhook("a", { source: "plain" })]);

      expect(again.map((one) => one.isDuplicate)).toEqual([true, false, true]);
      expect(again[0]?.id).toBe(first?.id);
      expect(again[2]?.id).toBe(again[1]?.id);
      expect(elsewhere[0]?.isDuplicate).toBe(false);
    });

    it("never processes a quarantined webhook", async () => {
      await store.enqueue([webhook("a", { quarantine: { code: "payload-invalid", text: "No." } })]);

      const processed = await store.process(10, NOW, () => sent([]));
      const page = await store.events({ limit: 10, status: "quarantined" });

      expect(processed).toBe(0);
      expect(page.items[0]?.error).toEqual({ code: "payload-invalid", text: "No." });
    });

    it("processes in the order of arrival, and each event sees the snapshot that the one before left", async () => {
      await store.enqueue([webhook("a"), webhook("b"), webhook("c", { subject: "customer-2" })]);
      const seen: [string, number][] = [];

      await store.process(10, NOW, (event, before) => {
        const known = (before?.state["count"] as number | undefined) ?? 0;
        seen.push([JSON.parse(Buffer.from(event.body).toString()).key, known]);
        const subject = seen.length === 3 ? "customer-2" : "customer-1";
        return sent([], { snapshot: { subject, time: "t", state: { count: known + 1 } } });
      });

      expect(seen).toEqual([
        ["a", 0],
        ["b", 1],
        ["c", 0],
      ]);
    });

    it("leaves nothing behind when the work fails half-way", async () => {
      await store.enqueue([webhook("a"), webhook("b")]);
      let calls = 0;

      const failing = store.process(10, NOW, () => {
        if (++calls === 2) throw new Error("half-way");
        return sent([delivery()]);
      });

      await expect(failing).rejects.toThrow("half-way");
      expect(await store.backlog()).toBe(2);
      expect((await store.deliveries({ limit: 10 })).items).toEqual([]);
    });

    it("lists the newest first, page by page, without gap or repetition", async () => {
      await store.enqueue(["a", "b", "c", "d", "e"].map((key) => webhook(key)));

      const keys: string[] = [];
      let cursor: string | undefined;
      do {
        const page: { items: readonly EventRecord[]; next: string | null } = await store.events({
          limit: 2,
          cursor,
        });
        keys.push(...page.items.map((event) => event.key));
        cursor = page.next ?? undefined;
      } while (cursor !== undefined);

      expect(keys).toEqual(["e", "d", "c", "b", "a"]);
    });
  });

  describe("lanes", () => {
    it("hands out the heads of different lanes at once, and of one lane one after the other in order", async () => {
      await deliver(
        ["a", "b"],
        [
          ["slack:a/C1", "slack:a"],
          ["discord:b", "discord:b"],
        ],
      );

      const heads = await claim();
      const whileBusy = await claim();
      for (const head of heads) await settle(head, posted);
      const tooSoon = await claim();
      const next = await claim(NOW + 1_000);

      expect(heads.map((head) => head.lane).toSorted()).toEqual(["discord:b", "slack:a/C1"]);
      expect(whileBusy).toEqual([]);
      expect(tooSoon).toEqual([]);
      expect(next).toHaveLength(2);
      expect(await store.nextDue()).toBeUndefined();
    });

    it("keeps the order when the head has to wait", async () => {
      await deliver(["a", "b"], [["slack:a/C1", "slack:a"]]);
      const [head] = await claim();

      await settle(head as Claim, { kind: "retry", scope: "lane", reason, afterMs: 5_000 });
      const during = await claim(NOW + 4_999);
      const [after] = await claim(NOW + 5_000);

      expect(during).toEqual([]);
      expect(after?.delivery).toBe(head?.delivery);
      expect(after).toMatchObject({ attempt: 2, laneFailures: 1, doubtfulSince: null });
    });

    it("holds all lanes of an account that has to wait, and no lane of another", async () => {
      await deliver(["a"], [["slack:a/C1", "slack:a"]]);
      const [first] = await claim();
      await settle(first as Claim, { kind: "retry", scope: "account", reason, afterMs: 30_000 });
      await deliver(
        ["b"],
        [
          ["slack:a/C2", "slack:a"],
          ["discord:b", "discord:b"],
        ],
      );

      const meanwhile = await claim(NOW + 2_000);
      const later = await claim(NOW + 30_000);

      expect(meanwhile.map((one) => one.lane)).toEqual(["discord:b"]);
      expect(later.map((one) => one.lane).toSorted()).toEqual(["slack:a/C1", "slack:a/C2"]);
    });

    it("probes a parked account with one lane only, and frees it when that gets through", async () => {
      await deliver(
        ["a"],
        [
          ["slack:a/C1", "slack:a"],
          ["slack:a/C2", "slack:a"],
        ],
      );
      const both = await claim();
      for (const one of both) await settle(one, { kind: "rejected", scope: "account", reason });
      const parked = await store.deliveries({ limit: 10, status: "parked" });

      const probes = await claim(NOW + 3_600_000);
      const others = await claim(NOW + 3_600_000);
      await settle(probes[0] as Claim, posted, NOW + 3_600_000);
      const freed = await claim(NOW + 3_600_000);

      expect(parked.items).toHaveLength(2);
      expect(probes).toHaveLength(1);
      expect(others).toEqual([]);
      expect(freed).toHaveLength(1);
      expect((await store.lanes()).every((lane) => lane.parked === null)).toBe(true);
    });

    it("lets no success that began before undo what the platform said meanwhile", async () => {
      await deliver(
        ["a"],
        [
          ["slack:a/C1", "slack:a"],
          ["slack:a/C2", "slack:a"],
        ],
      );
      const [first, second] = await claim();

      await settle(first as Claim, { kind: "retry", scope: "account", reason, afterMs: 30_000 });
      await settle(second as Claim, posted, NOW + 100);
      await deliver(["b"], [["slack:a/C2", "slack:a"]]);

      expect(await claim(NOW + 29_999)).toEqual([]);
      expect(await claim(NOW + 30_000)).toHaveLength(2);
    });

    it("gives up on what waits too long, also in a parked lane, but not on what is under way", async () => {
      await deliver(["a", "b"], [["slack:a/C1", "slack:a"]]);
      const [head] = await claim();

      const underWay = await store.expire(NOW);
      await settle(head as Claim, { kind: "rejected", scope: "lane", reason });
      const tooSoon = await store.expire(NOW - 1);
      const expired = await store.expire(NOW);
      const none = await store.expire(NOW);

      expect(underWay).toEqual(["to slack:a/C1"]);
      expect(tooSoon).toEqual([]);
      expect(expired).toEqual(["to slack:a/C1"]);
      expect(none).toEqual([]);
      expect((await store.deliveries({ limit: 10, status: "dead" })).items).toHaveLength(2);
      expect(await claim(NOW + 3_600_000)).toEqual([]);
    });

    it("forgets that a lane was parked which no destination has any more", async () => {
      await deliver(["a"], [["slack:a/C1", "slack:a"]]);
      const [head] = await claim();
      await settle(head as Claim, { kind: "rejected", scope: "account", reason });

      await store.align(
        [{ destination: "to slack:a/C1", lane: "slack:b/C1", account: "slack:b" }],
        NOW,
      );
      const [moved] = await claim();
      await settle(moved as Claim, posted);
      await store.align(
        [{ destination: "to slack:a/C1", lane: "slack:b/C1", account: "slack:b" }],
        NOW,
      );

      expect(await store.lanes()).toEqual([]);
    });

    it("shows waiting deliveries of a parked lane as parked, with the reason", async () => {
      await deliver(["a", "b"], [["slack:a/C1", "slack:a"]]);
      const [head] = await claim();

      await settle(head as Claim, { kind: "rejected", scope: "lane", reason });
      const parked = await store.deliveries({ limit: 10, status: "parked" });
      const pending = await store.deliveries({ limit: 10, status: "pending" });

      expect(parked.items.map((one) => one.status)).toEqual(["parked", "parked"]);
      expect(pending.items).toEqual([]);
      expect(await store.lanes()).toMatchObject([
        { lane: "slack:a/C1", waiting: 2, parked: reason },
      ]);
    });

    it("probes parked lanes at once when the bridge starts again, and moves deliveries to a new lane", async () => {
      await deliver(["a"], [["slack:a/C1", "slack:a"]]);
      const [head] = await claim();
      await settle(head as Claim, { kind: "rejected", scope: "lane", reason });

      await store.align(
        [{ destination: "to slack:a/C1", lane: "slack:b/C9", account: "slack:b" }],
        NOW + 1,
      );
      const [moved] = await claim(NOW + 1);

      expect(moved).toMatchObject({ delivery: head?.delivery, lane: "slack:b/C9" });
    });

    it("takes up a delivery whose bridge died, and says that it is in doubt", async () => {
      await deliver(["a"], [["slack:a/C1", "slack:a"]]);
      const [head] = await claim();

      const stillLeased = await claim(NOW + 59_999, "bridge-2");
      const itself = await claim(NOW + 60_000);
      const [taken] = await claim(NOW + 60_000, "bridge-2");
      await settle(head as Claim, posted, NOW + 60_001);
      const [record] = (await store.deliveries({ limit: 1 })).items;

      // A bridge that is alive settles what it claimed, however long that takes, so it never takes from itself; and
      // what was taken from it is not its own to settle any more.
      expect(itself).toEqual([]);
      expect(record).toMatchObject({ status: "sending", attempts: 2 });
      expect(stillLeased).toEqual([]);
      expect(taken).toMatchObject({ delivery: head?.delivery, attempt: 2, doubtfulSince: NOW });
      expect(await store.attempts(head?.delivery ?? "")).toMatchObject([
        { number: 1, outcome: "delivered" },
        { number: 2, outcome: null },
      ]);
    });

    it("records attempts and where the message is", async () => {
      await deliver(["a"], [["slack:a/C1", "slack:a"]]);
      const [first] = await claim();
      await settle(first as Claim, { kind: "unknown", reason });
      const [second] = await claim(NOW + 300_000);
      await settle(second as Claim, posted, NOW + 300_000);

      const [record] = (await store.deliveries({ limit: 10 })).items;
      const attempts = await store.attempts(record?.id ?? "");

      expect(second?.doubtfulSince).toBe(NOW);
      expect(record).toMatchObject({ status: "delivered", attempts: 2, ref: { id: "1.2" } });
      expect(attempts.map((one) => one.outcome)).toEqual(["unknown", "delivered"]);
    });

    it("wakes a lane that was idle, but not before its pace allows", async () => {
      await deliver(["a"], [["slack:a/C1", "slack:a"]]);
      const [head] = await claim();
      await settle(head as Claim, posted);

      await deliver(["b"], [["slack:a/C1", "slack:a"]]);

      expect(await store.nextDue()).toBe(NOW + 1_000);
      expect(await claim(NOW + 999)).toEqual([]);
      expect(await claim(NOW + 1_000)).toHaveLength(1);
    });
  });

  it("answers a ping while it can be written", async () => {
    await expect(store.ping()).resolves.toBeUndefined();
  });
}
