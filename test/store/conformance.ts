import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Change } from "../../src/core/change.ts";
import { change } from "../../src/core/change.ts";
import { judge } from "../../src/core/delivery.ts";
import type { Outcome } from "../../src/core/outcome.ts";
import type { Report } from "../../src/core/report.ts";
import type { Miss } from "../../src/core/miss.ts";
import type { RouteVerdict } from "../../src/core/rulebook.ts";
import type {
  ArrivedWebhook,
  Claim,
  EventRecord,
  NewDelivery,
  Processed,
  Reservation,
  Store,
} from "../../src/store/store.ts";
import { ended } from "./ended.ts";

const NOW = Date.parse("2026-11-22T10:00:00Z");
const CHANGES: readonly Change[] = [
  change({ kind: "group.added", summary: "Added to the group Enterprise.", tone: "info" }),
];

function sent(deliveries: NewDelivery[], more: Partial<Processed> = {}): Processed {
  return {
    status: "sent",
    changes: CHANGES,
    verdicts: { rulebook: { routes: [{ name: "all", expectations: [] }] }, refusals: [] },
    deliveries,
    snapshot: null,
    revision: "r1",
    error: null,
    reports: [],
    ...more,
  };
}

/** What a route says that missed an event because of its tone. */
function missed(name: string): RouteVerdict {
  return { name, matched: false, failed: missOf(name) };
}

function missOf(name: string): Miss {
  return { path: "tone", expected: `what ${name} expects`, actual: '"bad"' };
}

/** What is made of an event that those routes missed. */
function missedBy(names: readonly string[]): Processed {
  const routes = names.map((name) => ({
    name,
    expectations: [{ path: "tone", expected: `what ${name} expects` }],
  }));
  const refusals = names.map((name, index) => ({ failed: missOf(name), routes: index }));
  return sent([], { verdicts: { rulebook: { routes }, refusals } });
}

/** Lanes with their accounts, which their ids begin with. */
const pairs = (lanes: readonly string[]) =>
  lanes.map((lane): [string, string] => [lane, lane.split("/")[0] ?? lane]);

const lanesOf = (claims: readonly Claim[]) => claims.map((one) => one.lane).toSorted();

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
    reports: [],
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
  /** Only other bridges than the first take over what it does not settle in time. */
  const claim = (now = NOW, owner = "bridge-1") =>
    store.claim({ now, limit: 10, owner, leaseMs: 60_000, takesOver: owner !== "bridge-1" });
  const settle = (claimed: Claim, outcome: Outcome, now = NOW, reports: readonly Report[] = []) =>
    store.settle([ended(claimed, outcome, now, reports)]);
  const release = (held: Reservation, outcome: Outcome, now = NOW) =>
    store.release(
      held,
      judge(outcome, {
        ...held,
        now,
        random: 0.5,
        createdAt: now,
        giveUpAfterMs: Infinity,
        form: "full",
        paceMs: 1_000,
        onUnknown: "retry",
      }),
    );
  const expire = (before: number) =>
    store.expire({
      before,
      now: NOW,
      toReports: (gone) => gone.map((name) => ({ cause: `expired:${name}`, text: "Gone." })),
    });
  const posted: Outcome = { kind: "delivered", ref: { channel: "C1", id: "1.2", url: null } };
  const reason = { code: "x", text: "Because." };

  describe("reports", () => {
    const parked: Report = { cause: "parked:slack:a/C1", text: "Parked." };
    const still: Report = { ...parked, text: "Still parked.", remindAfterMs: 1_000 };

    it("keeps what a write has to report in the same transaction as the write", async () => {
      await store.enqueue([webhook("a", { reports: [{ cause: "quarantine", text: "Odd." }] })]);
      await store.process(10, NOW + 1, () =>
        sent([delivery()], { reports: [{ cause: "process", text: "Failed." }] }),
      );
      const [head] = await claim(NOW + 1);
      await settle(head as Claim, { kind: "rejected", scope: "lane", reason }, NOW + 2, [parked]);

      expect(await store.dueReports(NOW + 10, 10)).toEqual([
        { cause: "quarantine", text: "Odd.", count: 1, since: NOW },
        { cause: "process", text: "Failed.", count: 1, since: NOW + 1 },
        { cause: "parked:slack:a/C1", text: "Parked.", count: 1, since: NOW + 2 },
      ]);
    });

    it("has nothing to report of a webhook that was there before", async () => {
      await store.enqueue([webhook("a")]);
      await store.enqueue([webhook("a", { reports: [parked] })]);

      expect(await store.dueReports(NOW + 10, 10)).toEqual([]);
      expect(await store.oldestTold()).toBeUndefined();
    });

    it("folds reports of one cause into one with the newest text and their number", async () => {
      await store.report([parked, { ...parked, text: "Again." }], NOW);

      expect(await store.dueReports(NOW + 10, 10)).toEqual([
        { cause: parked.cause, text: "Again.", count: 2, since: NOW },
      ]);
    });

    it("counts what comes up while the operator is being told, and has it told later", async () => {
      await store.report([parked], NOW);
      const due = await store.dueReports(NOW + 10, 10);
      await store.report([{ ...parked, text: "Again." }], NOW + 1);
      await store.told(due, NOW + 2);

      expect(await store.dueReports(NOW + 2, 1)).toEqual([]);
      expect(await store.oldestTold()).toBe(NOW + 2);
      expect(await store.dueReports(NOW + 3, 1)).toMatchObject([{ text: "Again.", count: 1 }]);
    });

    it("tells again what a clock told in the future that was set back since", async () => {
      await store.report([parked], NOW);
      await store.told(await store.dueReports(NOW, 10), NOW + 1_000_000);
      await store.report([parked, still], NOW);

      expect(await store.dueReports(NOW, 10)).toMatchObject([{ count: 1 }]);
    });

    it("tells a state that lasts once, and again only after its pause", async () => {
      await store.report([still, still], NOW);
      const due = await store.dueReports(NOW + 10, 10);
      await store.told(due, NOW);
      await store.report([still], NOW + 999);
      const tooSoon = await store.oldestTold();
      await store.report([still], NOW + 1_000);

      expect(due).toMatchObject([{ count: 1 }]);
      expect(tooSoon).toBeUndefined();
      expect(await store.dueReports(NOW + 10, 10)).toMatchObject([
        { text: "Still parked.", count: 1 },
      ]);
    });
  });

  describe("a lane taken for a report", () => {
    const lane = { lane: "slack:a/C1", account: "slack:a" };
    const reserve = (now = NOW, owner = "bridge-1") =>
      store.reserve({ ...lane, now, owner, leaseMs: 60_000 });
    it("is kept from deliveries until it is given back, and then for its pace", async () => {
      const held = await reserve();
      await deliver(["a"], [["slack:a/C1", "slack:a"]]);
      const meanwhile = await claim();
      await release(held as Reservation, posted);

      expect(meanwhile).toEqual([]);
      expect(await claim(NOW + 999)).toEqual([]);
      expect(await claim(NOW + 1_000)).toHaveLength(1);
    });

    it("waits for the attempt under way in it, and for its pace", async () => {
      await deliver(["a"], [["slack:a/C1", "slack:a"]]);
      const [head] = await claim();
      const during = await reserve();
      await settle(head as Claim, posted);
      const after = await reserve();

      expect(during).toEqual({ openAt: null });
      expect(after).toEqual({ openAt: NOW + 1_000 });
      expect(await reserve(NOW + 1_000)).toMatchObject({ ...lane, owner: "bridge-1" });
    });

    it("is left alone by deliveries while the report waits for it", async () => {
      await deliver(["a"], [["slack:a/C1", "slack:a"]]);
      const request = { now: NOW, limit: 10, owner: "bridge-1", leaseMs: 60_000 };

      expect(await store.claim({ ...request, except: [lane.lane] })).toEqual([]);
      expect(await store.claim({ ...request, except: ["slack:a/C2"] })).toHaveLength(1);
    });

    it("can be parked by it, and is tried again when its pause has passed", async () => {
      const held = await reserve();
      await release(held as Reservation, { kind: "rejected", scope: "lane", reason });

      expect(await reserve(NOW + 59_999)).toEqual({ openAt: NOW + 60_000 });
      expect(await reserve(NOW + 60_000)).toMatchObject({ laneParked: reason });
    });
  });

  describe("a replay", () => {
    const again = { now: NOW + 1, newId: id };

    it("goes to the lane that its destination has now, though the old one is closed for good", async () => {
      await deliver(["a"], [["discord:old", "discord:old"]]);
      const [head] = await claim();
      await settle(head as Claim, { kind: "rejected", scope: "lane", final: true, reason });
      await store.expire({ before: NOW, now: NOW, toReports: () => [] });
      const lane = { destination: "to discord:old", lane: "discord:new", account: "discord:new" };
      await store.align([lane], NOW);

      const [replayed] = await store.replay({
        ...again,
        select: { status: "dead" },
        lanes: [lane],
      });

      expect(replayed?.hindrance).toBeNull();
      expect(await claim(NOW + 1)).toMatchObject([{ delivery: replayed?.id, lane: "discord:new" }]);
    });

    it("makes nothing of a delivery that still waits", async () => {
      await deliver(["a"], [["slack:a/C1", "slack:a"]]);
      const { items } = await store.deliveries({ limit: 10 });
      const deliveries = items.map((one) => one.id);

      expect(await store.replay({ ...again, deliveries, lanes: [] })).toEqual([
        {
          id: null,
          of: deliveries[0],
          destination: "to slack:a/C1",
          route: "all",
          hindrance: "waiting",
        },
      ]);
      expect((await store.deliveries({ limit: 10 })).items).toHaveLength(1);
    });
  });

  describe("deliveries that are late", () => {
    it("are told by the oldest of each lane, with why it is parked", async () => {
      await deliver(
        ["a", "b"],
        [
          ["slack:a/C1", "slack:a"],
          ["slack:b/C1", "slack:b"],
        ],
      );
      const [first, second] = await claim();
      await settle(first as Claim, { kind: "retry", scope: "lane", reason, afterMs: 60_000 });
      await settle(second as Claim, { kind: "rejected", scope: "account", reason });

      expect(await store.late(NOW - 1)).toEqual([]);
      expect(await store.late(NOW)).toEqual([
        {
          destination: "to slack:a/C1",
          lane: "slack:a/C1",
          account: "slack:a",
          oldestAt: NOW,
          lastError: reason,
          laneParked: null,
          accountParked: null,
        },
        expect.objectContaining({ lane: "slack:b/C1", laneParked: null, accountParked: reason }),
      ]);
    });
  });

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

    it("counts how often a webhook came again, and when that last was", async () => {
      const [first] = await store.enqueue([webhook("a"), webhook("b")]);

      await store.enqueue([webhook("a", { receivedAt: NOW + 1 })]);
      await store.enqueue([webhook("a", { receivedAt: NOW + 2 })]);

      const again = await store.event(first?.id ?? "");
      const others = (await store.events({ limit: 10 })).items.filter((one) => one.key === "b");
      expect(again).toMatchObject({ duplicates: 2, lastDuplicateAt: NOW + 2, receivedAt: NOW });
      expect(others).toMatchObject([{ duplicates: 0, lastDuplicateAt: null }]);
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

    it("keeps what each route said of an event, also where the routes change", async () => {
      const events = ["a", "b", "c"].map((key) => webhook(key));
      await store.enqueue(events);
      for (const names of [["one", "two"], ["two"], ["one", "two"]])
        await store.process(1, NOW, () => missedBy(names));

      const kept = await Promise.all(events.map((one) => store.event(one.id)));

      expect(kept.map((one) => one?.routes)).toEqual([
        [missed("one"), missed("two")],
        [missed("two")],
        [missed("one"), missed("two")],
      ]);
    });

    it("keeps what routes said though the transaction before, which had to keep their rulebook, failed", async () => {
      const one = webhook("a");
      await store.enqueue([one]);
      const { verdicts } = sent([]);
      const twice = delivery();
      const failing = () => sent([twice, twice], { verdicts });
      await expect(store.process(1, NOW, failing)).rejects.toThrow();

      await store.process(1, NOW, () => sent([], { verdicts }));

      expect((await store.event(one.id))?.routes).toEqual([{ name: "all", matched: true }]);
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
      expect(await store.nextDue(NOW + 1_000)).toBeUndefined();
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
      await settle(later[0] as Claim, posted, NOW + 30_000);
      const then = await claim(NOW + 30_000);

      // One goes ahead: if it is refused as well, the others have not run into the wall with it.
      expect(meanwhile.map((one) => one.lane)).toEqual(["discord:b"]);
      expect(later).toHaveLength(1);
      expect([...later, ...then].map((one) => one.lane).toSorted()).toEqual([
        "slack:a/C1",
        "slack:a/C2",
      ]);
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
      expect(await claim(NOW + 30_000)).toHaveLength(1);
    });

    it("has another lane go ahead when the first one's trouble is its own", async () => {
      await deliver(
        ["a"],
        [
          ["slack:a/C1", "slack:a"],
          ["slack:a/C2", "slack:a"],
        ],
      );
      for (const one of await claim())
        await settle(one, { kind: "retry", scope: "account", reason, afterMs: 30_000 });

      const [first] = await claim(NOW + 30_000);
      await settle(first as Claim, { kind: "unknown", reason }, NOW + 30_000);
      const next = await claim(NOW + 30_000);

      expect(next).toHaveLength(1);
      expect(next[0]?.lane).not.toBe(first?.lane);
    });

    it("gives up on what waits too long in a parked lane or account, but not on what is under way", async () => {
      await deliver(["a", "b"], pairs(["slack:a/C1", "slack:b/C1", "slack:b/C2"]));
      const heads = await claim();
      const of = (lane: string) => heads.find((one) => one.lane === lane) as Claim;
      await settle(of("slack:a/C1"), { kind: "rejected", scope: "lane", reason });
      await settle(of("slack:b/C1"), { kind: "rejected", scope: "account", reason });

      const tooSoon = await expire(NOW - 1);
      const expired = await expire(NOW);
      const none = await expire(NOW);

      expect(tooSoon).toEqual([]);
      expect(expired.toSorted()).toEqual([
        "to slack:a/C1",
        "to slack:a/C1",
        "to slack:b/C1",
        "to slack:b/C1",
        "to slack:b/C2",
      ]);
      expect(none).toEqual([]);
      expect(await store.dueReports(NOW + 10, 10)).toMatchObject([
        { cause: "expired:to slack:a/C1", count: 2 },
        { cause: "expired:to slack:b/C1", count: 2 },
        { cause: "expired:to slack:b/C2", count: 1 },
      ]);
      expect((await store.deliveries({ limit: 10, status: "dead" })).items).toHaveLength(5);
      expect(await claim(NOW + 3_600_000)).toEqual([]);
    });

    it("gives up on nothing in a lane that works, however long it waited there untried", async () => {
      await deliver(["a", "b"], [["slack:a/C1", "slack:a"]]);
      const [head] = await claim();
      await settle(head as Claim, { kind: "retry", scope: "lane", reason, afterMs: 5_000 });

      expect(await expire(NOW)).toEqual([]);
      expect(await claim(NOW + 5_000)).toMatchObject([{ delivery: head?.delivery }]);
    });

    it("gives up on what waits in a lane that is closed for good, though no destination has it any more", async () => {
      const fresh = { destination: "fresh", lane: "discord:new", account: "discord:new" };
      const again = { now: NOW + 1, newId: id };
      await deliver(["a"], [["discord:old", "discord:old"]]);
      const [head] = await claim();
      await settle(head as Claim, { kind: "rejected", scope: "lane", final: true, reason });
      await expire(NOW);
      await store.align([fresh], NOW);
      await store.replay({ select: { status: "dead" }, lanes: [fresh], ...again });

      expect(await store.lanes()).toMatchObject([{ lane: "discord:old", parked: null }]);
      expect(await expire(NOW + 1)).toEqual(["to discord:old"]);
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

    it.each([
      ["IS_ARCHIVED", true],
      ["is archived", true],
      ["100%", true],
      ["É ou", true],
      ["back\\slash", true],
      ["is-archived", false],
      ["_s_archived", false],
      ["is%archived", false],
      ["h\\,", false],
      ["code", false],
      ['"', false],
    ])("lists by the last error, its code or its text: %s", async (error, isFound) => {
      const text = "The channel É ou back\\slash, 100% of it, is archived.";
      const archived = { code: "is_archived", text };
      await deliver(["a"], [["slack:a/C1", "slack:a"]]);
      const [head] = await claim();
      await settle(head as Claim, { kind: "rejected", scope: "lane", reason: archived });

      const page = await store.deliveries({ limit: 10, error });

      expect(page.items).toHaveLength(isFound ? 1 : 0);
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

      // What was taken from a bridge is not its own to settle any more.
      expect(itself).toEqual([]);
      expect(record).toMatchObject({ status: "sending", attempts: 2 });
      expect(stillLeased).toEqual([]);
      expect(taken).toMatchObject({
        delivery: head?.delivery,
        attempt: 2,
        doubtfulSince: NOW,
        doubtfulUntil: NOW + 60_000,
      });
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

    it("wakes the lanes of an account that was away, but none inside a wait that was asked for", async () => {
      const lanes = ["1", "2", "3", "4", "5", "6", "7"].map((one) => `slack:a/C${one}`);
      await deliver(["a"], pairs(lanes));
      const heads = await claim();
      const of = (lane: number) => heads.find((one) => one.lane.endsWith(`C${lane}`)) as Claim;
      await settle(of(7), { kind: "rejected", scope: "lane", reason });
      await settle(of(1), { kind: "retry", scope: "lane", reason, afterMs: 40_000 });
      for (const lane of [2, 3, 4, 5])
        await settle({ ...of(lane), laneFailures: 20 }, { kind: "unknown", reason });
      await settle(of(6), { kind: "retry", scope: "lane", reason, afterMs: 100_000 });

      const back = await claim(NOW + 40_000);
      await settle(back[0] as Claim, posted, NOW + 40_000);
      const woken = await claim(NOW + 40_000);
      const asked = await claim(NOW + 100_000);

      expect(lanesOf(back)).toEqual(["slack:a/C1"]);
      expect(lanesOf(woken)).toEqual(["slack:a/C2", "slack:a/C3", "slack:a/C4", "slack:a/C5"]);
      expect(lanesOf(asked)).toEqual(["slack:a/C6", "slack:a/C7"]);
    });

    it("leaves lanes alone whose trouble is their own while others of the account deliver", async () => {
      const lanes = ["1", "2", "3", "4", "5", "6", "7"].map((one) => `slack:a/C${one}`);
      await deliver(["a"], pairs(lanes));
      const [well, ...poisoned] = await claim();
      for (const one of poisoned)
        await settle({ ...one, laneFailures: 20 }, { kind: "unknown", reason });

      await settle(well as Claim, posted, NOW + 5_000);

      expect(await claim(NOW + 149_999)).toEqual([]);
      expect(await claim(NOW + 150_000)).toHaveLength(6);
    });

    it.each([
      ["is parked for longer already", ["rejected", "retry"]],
      ["is parked for longer afterwards", ["retry", "rejected"]],
    ] as const)("keeps a wait that was asked for when its account %s", async (_, kinds) => {
      await deliver(["a"], pairs(["slack:a/C1", "slack:a/C2"]));
      const both = await claim();
      for (const [at, kind] of kinds.entries())
        await settle(both[at] as Claim, { kind, scope: "account", reason, afterMs: 30_000 });

      await store.resume("slack:a", NOW + 1);

      expect(await claim(NOW + 29_999)).toEqual([]);
      expect(await claim(NOW + 30_000)).toHaveLength(1);
    });

    it("resumes nothing inside a wait that the platform asked for", async () => {
      await deliver(["a"], pairs(["slack:a/C1", "slack:a/C2"]));
      const [first, second] = await claim();
      await settle(first as Claim, { kind: "rejected", scope: "lane", reason });
      await settle(second as Claim, { kind: "retry", scope: "account", reason, afterMs: 90_000 });
      await store.resume("slack:a/C1", NOW + 1);
      const closed = await claim(NOW + 89_999);
      const [probe] = await claim(NOW + 90_000);
      const limited: Outcome = { kind: "retry", scope: "lane", reason, afterMs: 50_000 };
      await settle(probe as Claim, limited, NOW + 90_000);
      await settle((await claim(NOW + 90_000))[0] as Claim, posted, NOW + 90_000);

      const resumed = await store.resume("slack:a/C1", NOW + 91_000);

      expect(closed).toEqual([]);
      expect(probe?.lane).toBe("slack:a/C1");
      expect(resumed).toEqual({ lanes: 1, closed: [] });
      expect(await claim(NOW + 139_999)).toEqual([]);
      expect(await claim(NOW + 140_000)).toMatchObject([{ laneParked: reason }]);
    });

    it("never opens a lane that the platform forbids, but moves what waits in it to a new one", async () => {
      const [lane, destination] = ["discord:old", "to discord:old"];
      const old = { destination, lane, account: lane };
      await deliver(["a", "b"], [[lane, lane]]);
      const [head] = await claim();
      await settle(head as Claim, { kind: "rejected", scope: "lane", reason, final: true });

      const resumed = await store.resume(lane, NOW + 1);
      await store.align([old], NOW + 1);
      const later = await claim(NOW + 1_000_000_000_000);
      const due = await store.nextDue(NOW);
      const parked = await store.deliveries({ limit: 10, status: "parked" });
      await store.align([{ destination, lane: "discord:new", account: "discord:new" }], NOW + 2);
      const moved = await claim(NOW + 2);
      const forgotten = (await store.lanes()).map((one) => one.lane);
      await settle(moved[0] as Claim, { kind: "retry", scope: "lane", reason }, NOW + 2);
      await store.align([old], NOW + 3);

      expect(resumed).toEqual({ lanes: 0, closed: [reason] });
      expect([later, due]).toEqual([[], undefined]);
      expect(parked.items).toMatchObject([{ nextAttemptAt: NOW }, { nextAttemptAt: null }]);
      expect(moved).toMatchObject([{ delivery: head?.delivery, lane: "discord:new" }]);
      expect(forgotten).toEqual(["discord:new"]);
      expect(await store.lanes()).toMatchObject([{ lane, waiting: 2, parked: reason }]);
    });

    it("leaves a lane that a bridge is at as it is when another one has it elsewhere", async () => {
      const moved = { destination: "to slack:a/C1", lane: "slack:b/C9", account: "slack:b" };
      await deliver(["a", "b"], pairs(["slack:a/C1"]));
      await claim();

      await store.align([moved], NOW + 1);
      const meanwhile = await claim(NOW + 1, "bridge-2");
      await store.align([moved], NOW + 60_000);
      const afterwards = await claim(NOW + 60_000, "bridge-2");

      expect(meanwhile).toEqual([]);
      expect(afterwards).toMatchObject([{ lane: "slack:b/C9", attempt: 2, doubtfulSince: NOW }]);
    });

    it("holds lanes for longer, but none that was taken over", async () => {
      await deliver(["a"], pairs(["slack:a/C1", "slack:b/C1"]));
      const held = await claim();
      const [first, second] = held;

      await store.extend({ held: [first as Claim], now: NOW + 30_000, leaseMs: 60_000 });
      const taken = await claim(NOW + 60_000, "bridge-2");
      await store.extend({ held, now: NOW + 60_001, leaseMs: 1 });
      const later = await claim(NOW + 60_002, "bridge-3");

      expect(lanesOf(taken)).toEqual([second?.lane]);
      expect(lanesOf(later)).toEqual([first?.lane]);
    });

    it("goes on probing an account for as long as its probe is held", async () => {
      await deliver(["a"], pairs(["slack:a/C1", "slack:a/C2"]));
      for (const one of await claim())
        await settle(one, { kind: "retry", scope: "account", reason, afterMs: 10 });
      const [probe] = await claim(NOW + 1_000);

      await store.extend({ held: [probe as Claim], now: NOW + 50_000, leaseMs: 60_000 });
      const others = await claim(NOW + 100_000, "bridge-2");

      expect(probe).toMatchObject({ accountFailures: 1 });
      expect(others).toEqual([]);
    });

    it("has one bridge do what is to be done for all, until it is silent for too long", async () => {
      const request = { duty: "operator", leaseMs: 30_000 } as const;
      const take = (owner: string, now: number) => store.take({ ...request, owner, now });

      const taken = [
        await take("bridge-1", NOW),
        await take("bridge-2", NOW + 1),
        await take("bridge-1", NOW + 20_000),
        await take("bridge-2", NOW + 49_999),
        await take("bridge-2", NOW + 50_000),
        await take("bridge-1", NOW + 50_001),
      ];

      expect(taken).toEqual([true, false, true, false, true, false]);
    });

    it("gives out turns a pace apart, and none while the platform asked for a wait", async () => {
      const [of, paceMs] = ["slack:a look-ups", 1_200];
      const first = await Promise.all(
        [1, 2, 3].map(() => store.takeTurn({ of, now: NOW, paceMs })),
      );
      const other = await store.takeTurn({ of: "slack:b look-ups", now: NOW, paceMs });
      const before = await store.turnsClosedUntil(of);
      await store.closeTurns(of, NOW + 30_000);
      await store.closeTurns(of, NOW + 20_000);

      const behind = await store.takeTurn({ of, now: NOW + 10_000, paceMs });
      const much = await store.takeTurn({ of, now: NOW + 90_000, paceMs });

      expect(first.toSorted((one, another) => one - another)).toEqual([
        NOW,
        NOW + 1_200,
        NOW + 2_400,
      ]);
      expect(other).toBe(NOW);
      expect(before).toBe(0);
      expect(await store.turnsClosedUntil(of)).toBe(NOW + 30_000);
      expect([behind, much]).toEqual([NOW + 30_000, NOW + 90_000]);
    });

    it("leaves places to other accounts, and to lanes that are well", async () => {
      const bounds = { troubled: 3, account: 4, accountTroubled: 2 };
      const request = { limit: 100, owner: "bridge-1", leaseMs: 60_000, bounds };
      const channels = ["1", "2", "3", "4", "5", "6"];
      const of = (account: string) =>
        channels.map((one): [string, string] => [`${account}/C${one}`, account]);
      await deliver(["a"], [...of("slack:a"), ...of("slack:b"), ...of("slack:c")]);
      const heads = await store.claim({ ...request, now: NOW, bounds: { ...bounds, account: 6 } });
      for (const one of heads.filter(({ account }) => account !== "slack:c"))
        await settle(one, { kind: "unknown", reason });
      for (const one of heads.filter(({ account }) => account === "slack:c"))
        await settle(one, posted);
      await deliver(["b"], of("slack:c"));

      const now = NOW + 1_000;
      const claimed = await store.claim({ ...request, now });
      const underWay = claimed.map((one) => ({
        account: one.account,
        isTroubled: one.laneFailures > 0,
        places: one.places,
      }));
      const more = await store.claim({ ...request, now, underWay });

      const counts = Map.groupBy(claimed, (one) => one.account);
      expect(claimed).toHaveLength(7);
      expect(counts.get("slack:c")).toHaveLength(4);
      expect(counts.get("slack:a")).toHaveLength(2);
      expect(counts.get("slack:b")).toHaveLength(1);
      expect(more).toEqual([]);
    });

    it("serves those first that wait longest, so that a busy lane goes behind all others", async () => {
      const lanes = Array.from({ length: 30 }, (_, at) => `discord:a/${at}`);
      await deliver(["a"], pairs(lanes));
      await deliver(["b", "c", "d"], pairs(["discord:a/0"]));

      const served: string[] = [];
      for (let now = NOW; served.length < 33; now += 1_000)
        for (const one of await claim(now)) {
          served.push(one.lane);
          await settle(one, posted, now);
        }

      expect(served.slice(0, 30).toSorted()).toEqual(lanes.toSorted());
      expect(served.slice(30)).toEqual(["discord:a/0", "discord:a/0", "discord:a/0"]);
    });

    it("wakes a lane that was idle, but not before its pace allows", async () => {
      await deliver(["a"], [["slack:a/C1", "slack:a"]]);
      const [head] = await claim();
      await settle(head as Claim, posted);

      await deliver(["b"], [["slack:a/C1", "slack:a"]]);

      expect(await store.nextDue(NOW)).toBe(NOW + 1_000);
      expect(await claim(NOW + 999)).toEqual([]);
      expect(await claim(NOW + 1_000)).toHaveLength(1);
    });
  });

  describe("a lane that opens soon", () => {
    it("is claimed ahead, for an attempt that begins when it opens and never inside its pace", async () => {
      await deliver(["a", "b"], [["slack:a/C1", "slack:a"]]);
      await settle((await claim())[0] as Claim, posted);
      const request = { now: NOW + 950, limit: 10, owner: "bridge-1", leaseMs: 60_000 };

      const tooSoon = await store.claim({ ...request, aheadMs: 49 });
      const [ahead] = await store.claim({ ...request, aheadMs: 50 });

      expect(tooSoon).toEqual([]);
      expect(ahead).toMatchObject({ attempt: 1, startedAt: NOW + 1_000 });
      expect(await store.attempts(ahead?.delivery ?? "")).toMatchObject([
        { startedAt: NOW + 1_000, outcome: null },
      ]);
    });

    it("waits for its account as well", async () => {
      await deliver(
        ["a"],
        [
          ["slack:a/C1", "slack:a"],
          ["slack:a/C2", "slack:a"],
        ],
      );
      const [head, other] = await claim();
      const limited: Outcome = { kind: "retry", scope: "account", reason, afterMs: 5_000 };
      await settle(head as Claim, limited);
      await settle(other as Claim, { kind: "retry", scope: "lane", reason, own: true, afterMs: 0 });
      const request = { limit: 10, owner: "bridge-1", leaseMs: 60_000, aheadMs: 100 };

      expect(await store.claim({ ...request, now: NOW + 4_899 })).toEqual([]);
      expect(await store.claim({ ...request, now: NOW + 4_900 })).toMatchObject([
        { startedAt: NOW + 5_000 },
      ]);
    });
  });

  it("ends many claims in one transaction, or none of them", async () => {
    await deliver(
      ["a"],
      [
        ["slack:a/C1", "slack:a"],
        ["slack:a/C2", "slack:a"],
      ],
    );
    const [one, other] = await claim();
    const broken = { ...(other as Claim), account: "never-heard-of" };

    await expect(
      store.settle([ended(one as Claim, posted), ended(broken, posted)]),
    ).rejects.toThrow();
    const before = await store.attempts(one?.delivery ?? "");
    await store.settle([ended(one, posted), ended(other, posted)]);

    expect(before).toMatchObject([{ outcome: null }]);
    const { items } = await store.deliveries({ limit: 10 });
    expect(items.map(({ status }) => status)).toEqual(["delivered", "delivered"]);
  });

  it("answers a ping while it can be written", async () => {
    await expect(store.ping()).resolves.toBeUndefined();
  });
}
