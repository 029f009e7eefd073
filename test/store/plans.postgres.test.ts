import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { judge } from "../../src/core/delivery.ts";
import { Reading } from "../../src/store/reading.ts";
import type { Claim, ClaimRequest, EndedClaim, Processed, Store } from "../../src/store/store.ts";
import type { Tables } from "../../src/store/tables.ts";
import { freshDatabase } from "../postgres/database.ts";
import { type Explained, type ExplainedStore, explainedStore } from "./plans/explained.ts";
import { fill, NEWEST, SPAN_MS } from "./plans/filled.ts";
import { arrived, newDelivery, processed, rowId } from "./rows.ts";

/** So many that PostgreSQL goes about each statement as with a hundred times as many; see docs/scale.md. */
const SIZE = { events: 100_000, lanes: 10_000 };

/** How long it may take to fill the database, in milliseconds; ours: a machine may do other things as well. */
const FILLED_WITHIN_MS = 300_000;

/** Tables that grow with the events, or with the channels. */
const GROWING: readonly (string | undefined)[] = [
  "events",
  "deliveries",
  "attempts",
  "snapshots",
  "lanes",
] satisfies (keyof Tables)[];

/** The most rows that one step of a statement may look at: what a portion is, and what is looked at next to a time. */
const MOST_ROWS = 1_500;

const NOW = NEWEST + 60_000;

let explained: ExplainedStore;
let store: Store;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await freshDatabase();
  drop = database.drop;
  await fill(database.url, SIZE);
  explained = explainedStore(database.url);
  store = explained.store;
}, FILLED_WITHIN_MS);
afterAll(async () => {
  await explained.close();
  await drop();
});
beforeEach(() => void explained.take());

/** The indexes by which a table was gone through. */
function indexesOf(statements: readonly Explained[], table: keyof Tables): string[] {
  const own = statements.flatMap(({ steps }) => steps).filter((step) => step.table === table);
  return [...new Set(own.flatMap(({ index }) => index ?? []))].toSorted();
}

/** Steps that look at more rows than they should, or at all of a table. */
function wasteful(statements: readonly Explained[]): object[] {
  return statements.flatMap(({ statement, steps }) =>
    steps
      .filter(
        ({ kind, table, rows, thrownAway }) =>
          (kind.includes("Seq Scan") && GROWING.includes(table)) || rows + thrownAway > MOST_ROWS,
      )
      .map((step) => ({ statement, ...step })),
  );
}

function deliveryId(): string {
  return rowId("dlv");
}

/** Two deliveries, and what is known of a customer from now on. */
function toLanes(): Processed {
  const deliveries = [
    newDelivery("slack:a7/C7", "slack:a7"),
    newDelivery("slack:a8/C8", "slack:a8"),
  ];
  const snapshot = { subject: rowId("customer"), time: "2026-11-22T10:00:00Z", state: {} };
  return processed(deliveries, { snapshot });
}

function reserveOne(): Promise<unknown> {
  const lane = { lane: "slack:a9/C9", account: "slack:a9" };
  return store.reserve({ ...lane, now: NOW, owner: rowId("rsv"), leaseMs: 15_000 });
}

function claimRequest(more: Partial<ClaimRequest> = {}): ClaimRequest {
  return { now: NOW, limit: 128, owner: rowId("clm"), leaseMs: 15_000, ...more };
}

function ended(claim: Claim): EndedClaim {
  const outcome = { kind: "delivered", ref: { channel: "C1", id: "1", url: null } } as const;
  const settlement = judge(outcome, {
    ...claim,
    now: NOW,
    random: 0.5,
    giveUpAfterMs: 1_000_000_000,
    paceMs: 1_000,
    onUnknown: "retry",
  });
  const attempt = {
    outcome: outcome.kind,
    reason: null,
    endedAt: NOW,
    template: "default",
    templateError: null,
    reports: [],
  };
  return { claim, settlement, attempt };
}

describe("the way of an event", () => {
  it("is taken in without a look at what is there, but for the same one", async () => {
    const webhooks = Array.from({ length: 50 }, (_, index) => arrived(`new-${index}`));
    await store.enqueue(webhooks);
    await store.enqueue(webhooks);

    const statements = explained.take();

    expect(wasteful(statements)).toEqual([]);
    expect(indexesOf(statements, "events")).toEqual(["events_pkey", "events_source_key"]);
  });

  it("is processed with no look at those that are done", async () => {
    await store.process(100, NOW, toLanes);

    const statements = explained.take();
    expect(wasteful(statements)).toEqual([]);
    expect(indexesOf(statements, "events")).toEqual(["events_pkey", "events_status"]);
    expect(indexesOf(statements, "snapshots")).toEqual(["snapshots_key"]);
  });

  it("is claimed with a look at the lanes that are due, and their heads", async () => {
    const bounds = { troubled: 64, account: 32, accountTroubled: 16 };
    await store.claim(claimRequest({ aheadMs: 75, except: ["slack:a1/C1"], bounds }));

    const statements = explained.take();

    expect(wasteful(statements)).toEqual([]);
    expect(indexesOf(statements, "lanes")).toEqual([
      "lanes_due_troubled",
      "lanes_due_well",
      "lanes_pkey",
    ]);
    expect(indexesOf(statements, "deliveries")).toEqual([
      "deliveries_id_key",
      "deliveries_pkey",
      "deliveries_waiting",
    ]);
    expect(indexesOf(statements, "events")).toEqual(["events_id_key"]);
  });

  it("is claimed again after a doubtful attempt with a look at its attempts alone", async () => {
    const request = claimRequest();
    await store.claim(request);
    explained.take();

    await store.claim(claimRequest({ now: NOW + 20_000 }));

    const statements = explained.take();
    expect(wasteful(statements)).toEqual([]);
    expect(indexesOf(statements, "attempts")).toEqual(["attempts_key"]);
  });

  it("is held, and settled, with a look at what was claimed", async () => {
    const claims = await store.claim(claimRequest({ limit: 50 }));
    expect(claims.length).toBe(50);
    explained.take();

    await store.extend({ held: claims, now: NOW, leaseMs: 15_000 });
    await store.settle(claims.map(ended));

    const statements = explained.take();
    expect(wasteful(statements)).toEqual([]);
    expect(indexesOf(statements, "lanes")).toEqual(["lanes_pkey"]);
    expect(indexesOf(statements, "attempts")).toEqual(["attempts_key"]);
    expect(indexesOf(statements, "deliveries")).toEqual([
      "deliveries_id_key",
      "deliveries_waiting",
    ]);
  });
});

describe("what a bridge looks at again and again", () => {
  it.each([
    ["when a lane is due next", () => store.nextDue(NOW - 120_000)],
    ["when a lane is due next, and none is", () => store.nextDue(NOW + SPAN_MS)],
    ["how many events wait", () => store.backlog()],
    ["since when", () => store.oldestEvent()],
    ["what routes have sent in the last hours", () => store.routeTraffic(NEWEST - 14_400_000)],
    ["whether something is to be told", () => store.dueReports(NOW, 1_000)],
    ["whether a lane is free for a report", () => reserveOne()],
  ])("reads little: %s", async (_, look) => {
    await look();

    const statements = explained.take();
    expect(statements.length).toBeGreaterThan(0);
    expect(wasteful(statements)).toEqual([]);
  });

  it("reads no delivery that is done, to tell how much waits in all lanes, and which for too long", async () => {
    await store.lanes();
    await store.late(NEWEST);

    expect(indexesOf(explained.take(), "deliveries")).toEqual(["deliveries_waiting"]);
  });
});

describe("housekeeping", () => {
  const before = NEWEST - SPAN_MS / 2;

  it.each([null, { receivedAt: NEWEST - SPAN_MS + 1_000_000, seq: 100 }])(
    "finds old payloads by their index, from %o on",
    async (from) => {
      await store.prune({ what: "payloads", before: NEWEST - SPAN_MS / 4, from, now: NOW });

      const statements = explained.take();
      expect(wasteful(statements)).toEqual([]);
      expect(indexesOf(statements, "events")).toEqual(["events_payloads", "events_pkey"]);
    },
  );

  it.each([null, { receivedAt: NEWEST - SPAN_MS + 1_000_000, seq: 100 }])(
    "finds old events and all that came of them by indexes, from %o on",
    async (from) => {
      await store.prune({ what: "events", before, from, now: NOW });

      const statements = explained.take();
      expect(wasteful(statements)).toEqual([]);
      expect(indexesOf(statements, "events")).toEqual(["events_pkey", "events_received"]);
      expect(indexesOf(statements, "deliveries")).toEqual(["deliveries_event"]);
      expect(indexesOf(statements, "attempts")).toEqual(["attempts_key"]);
    },
  );
});

describe("what people ask for", () => {
  const between = { since: NEWEST - SPAN_MS / 3, until: NEWEST - SPAN_MS / 4 };

  it.each([
    [{}, "events_pkey"],
    [{ status: "quarantined" }, "events_status"],
    [{ status: "stale" }, "events_status"],
    [{ source: "gone" }, "events_source"],
    [{ subject: "customer-5" }, "events_subject"],
  ] as const)("lists events by an index: %o", async (filter, index) => {
    await store.events({ limit: 50, ...filter });
    await store.events({ limit: 50, ...filter, ...between });

    const statements = explained.take();
    expect(wasteful(statements)).toEqual([]);
    expect(indexesOf(statements, "events")).toContain(index);
  });

  it.each([
    [{}, "deliveries_pkey"],
    [{ status: "dead" }, "deliveries_status"],
    [{ status: "unknown" }, "deliveries_status"],
    [{ destination: "destination-7" }, "deliveries_destination"],
    [{ id: "dlv_00000000000000000000000011" }, "deliveries_id_key"],
    [{ event: "evt_00000000000000000000000011" }, "deliveries_event"],
  ] as const)("lists deliveries by an index: %o", async (filter, index) => {
    await store.deliveries({ limit: 50, ...filter });
    await store.deliveries({ limit: 50, ...filter, ...between });

    const statements = explained.take();
    expect(wasteful(statements)).toEqual([]);
    expect(indexesOf(statements, "deliveries")).toContain(index);
  });

  it("replays what is named, with no look at the rest", async () => {
    const deliveries = ["dlv_00000000000000000000090011"];
    await store.replay({ deliveries, lanes: [], now: NOW, newId: deliveryId });
    await store.replay({
      events: ["evt_00000000000000000000090012"],
      lanes: [],
      now: NOW,
      newId: deliveryId,
    });

    const statements = explained.take();

    expect(wasteful(statements)).toEqual([]);
  });

  it("replays what lies between two times in the order of it, with no look at what is outside", async () => {
    const times = { since: NEWEST - SPAN_MS / 4, until: NEWEST - SPAN_MS / 4 + 3_600_000 };
    const select = { status: "delivered", ...times } as const;
    await store.replay({ select, lanes: [], now: NOW, newId: deliveryId });

    const statements = explained.take();

    expect(wasteful(statements)).toEqual([]);
  });

  it("compares with the payload before an event among those of its subject", async () => {
    const [newest] = (await store.events({ subject: "customer-5", limit: 1 })).items;
    if (newest === undefined) throw new Error("There is no event of that customer.");
    explained.take();

    await new Reading(explained.db).earlier({ ...newest, seq: SIZE.events });

    const statements = explained.take();
    expect(wasteful(statements)).toEqual([]);
    expect(indexesOf(statements, "events")).toEqual(["events_subject"]);
  });
});
