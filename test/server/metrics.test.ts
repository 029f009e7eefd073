import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { judge } from "../../src/core/delivery.ts";
import { Metrics } from "../../src/server/metrics.ts";
import { readings } from "../../src/server/readings.ts";
import { openSqlite } from "../../src/store/sqlite/open.ts";
import type { Store } from "../../src/store/store.ts";
import type { House } from "../end-to-end/house.ts";
import { openBusyBridge, scrape } from "./busy-bridge.ts";
import { type Family, readExposition, valueOf } from "./exposition.ts";

const NOW = Date.parse("2026-11-22T10:00:00Z");

describe("what a busy bridge tells Prometheus", () => {
  let house: House;
  let families: Family[];
  beforeAll(async () => {
    house = await openBusyBridge();
    families = readExposition(await scrape(house));
  });
  afterAll(async () => {
    await house.close();
  });

  it.each([
    ["polar", "accepted", 5],
    ["polar", "duplicate", 1],
    ["polar", "quarantined", 1],
    ["polar", "refused", 1],
    ["polar", "too-large", 1],
    ["polar", "unavailable", 1],
    ["plain", "accepted", 1],
    ["unknown", "unknown-source", 1],
  ])("webhooks from %s that were answered %s", (source, answer, count) => {
    expect(valueOf(families, "bellhop_webhooks_total", { source, answer })).toBe(count);
  });

  it.each([
    ["polar", "quarantined", 1],
    ["polar", "sent", 2],
    ["polar", "stale", 1],
    ["polar", "unchanged", 1],
    ["polar", "unrouted", 1],
    ["plain", "sent", 1],
  ])("events from %s that were %s", (source, status, count) => {
    expect(valueOf(families, "bellhop_events_total", { source, status })).toBe(count);
  });

  it.each([
    ["slack-bot", "dead", 1],
    ["slack-bot", "delivered", 1],
    ["slack-webhook", "unknown", 1],
    ["discord-bot", "delivered", 3],
    ["discord-webhook", "delivered", 0],
  ])("deliveries to %s that ended %s", (destination, status, count) => {
    expect(valueOf(families, "bellhop_deliveries_total", { destination, status })).toBe(count);
  });

  it("attempts, which are more than deliveries, and how long they took", () => {
    const slack = { destination: "slack-bot" };
    const attempts = valueOf(families, "bellhop_attempts_total", { ...slack, outcome: "rejected" });

    expect(attempts).toBe(3);
    expect(valueOf(families, "bellhop_attempt_duration_seconds_count", slack)).toBe(4);
    expect(valueOf(families, "bellhop_delivery_duration_seconds_count", slack)).toBe(1);
  });

  it("how long each answer took, whatever it was", () => {
    const count = "bellhop_webhook_duration_seconds_count";

    expect(valueOf(families, count, { source: "polar" })).toBe(10);
    expect(valueOf(families, count, { source: "unknown" })).toBe(1);
  });

  it("what waits and what is parked, of each lane and in all", () => {
    const lanes = families.find(({ name }) => name === "bellhop_lane_parked")?.samples ?? [];
    const lane = { lane: lanes[0]?.labels["lane"] ?? "" };

    expect(lanes.map(({ value }) => value)).toEqual([1, 1]);
    expect(valueOf(families, "bellhop_lane_deliveries_waiting", lane)).toBe(1);
    expect(valueOf(families, "bellhop_lane_waiting_age_seconds", lane)).toBeGreaterThan(0);
    expect(valueOf(families, "bellhop_deliveries_waiting")).toBe(2);
    expect(valueOf(families, "bellhop_lanes_waiting")).toBe(2);
    expect(valueOf(families, "bellhop_lanes_parked")).toBe(2);
    expect(valueOf(families, "bellhop_accounts_parked")).toBe(1);
  });

  it("failed templates, replays, reports, and what the store wrote or could not write", () => {
    expect(
      valueOf(families, "bellhop_template_failures_total", { destination: "discord-bot" }),
    ).toBe(3);
    expect(valueOf(families, "bellhop_replays_total")).toBe(2);
    expect(
      valueOf(families, "bellhop_operator_reports_total", { outcome: "delivered" }),
    ).toBeGreaterThan(0);
    expect(valueOf(families, "bellhop_store_write_failures_total")).toBeGreaterThan(0);
    expect(valueOf(families, "bellhop_store_write_duration_seconds_count")).toBeGreaterThan(10);
    expect(valueOf(families, "bellhop_store_bytes", { part: "used" })).toBeGreaterThan(100_000);
    expect(valueOf(families, "bellhop_store_bytes", { part: "wal" })).toBeGreaterThan(0);
  });

  it("what runs, by version and by config", () => {
    const { revision } = house.config;

    expect(valueOf(families, "bellhop_build_info", { version: "0.1.0" })).toBe(1);
    expect(valueOf(families, "bellhop_config_info", { revision })).toBe(1);
  });

  it("names, types and help as Prometheus wants them, for every metric", () => {
    expect(families.length).toBeGreaterThan(40);
    for (const { name, type, help } of families) {
      expect(name).toMatch(/^(bellhop|nodejs|process)_[a-z0-9_]+$/);
      expect(name.endsWith("_total"), name).toBe(type === "counter");
      expect(name, "only base units").not.toMatch(/milli|micro|_ms(_|$)|minutes|hours|kilo|mega/);
      if (type === "histogram") expect(name).toMatch(/_seconds$/);
      if (name.startsWith("bellhop_")) expect(help).toMatch(/^\S.+\.$/);
    }
  });
});

describe("metrics", () => {
  let store: Store;
  beforeEach(async () => {
    store = await openSqlite(":memory:");
  });
  afterEach(async () => {
    await store.close();
  });

  const make = (destinations: readonly string[] = ["sales"]) => {
    const metrics = new Metrics("1.2.3");
    const named = destinations.map((name) => ({ name }));
    metrics.configured({ revision: "r1", sources: [{ name: "polar" }], destinations: named }, NOW);
    metrics.watch({
      read: () => readings(store),
      ping: () => store.ping(),
      now: () => NOW + 60_000,
    });
    return metrics;
  };
  /** Lets one message wait in each of so many lanes, the first one the longest. */
  const fill = async (count: number) => {
    for (let at = 0; at < count; at += 1) {
      const lane = `slack:a/C${String(at).padStart(3, "0")}`;
      await store.enqueue([
        {
          id: `evt_${at}`,
          source: "polar",
          key: `${at}`,
          type: "order.paid",
          time: "2026-11-22T10:00:00Z",
          subject: "customer-1",
          receivedAt: NOW,
          body: Buffer.from("{}"),
          quarantine: null,
          reports: [],
        },
      ]);
      await store.process(1, NOW + at, () => ({
        status: "sent",
        changes: [],
        verdicts: null,
        deliveries: [
          { id: `dlv_${at}`, route: "all", destination: lane, lane, account: "a", template: null },
        ],
        snapshot: null,
        revision: "r1",
        error: null,
        reports: [],
      }));
    }
  };

  it("begin every series of the config at 0, so that a first dead letter is an increase", async () => {
    const families = await tell(make());

    for (const status of ["delivered", "unknown", "dead"])
      expect(valueOf(families, "bellhop_deliveries_total", { destination: "sales", status })).toBe(
        0,
      );
    expect(valueOf(families, "bellhop_delivery_duration_seconds_count")).toBe(0);
    expect(valueOf(families, "bellhop_webhooks_total", { answer: "refused" })).toBe(0);
  });

  it("count destinations beyond the two hundredth, and removed ones, as other", async () => {
    const names = Array.from({ length: 250 }, (_, at) => `d${at}`);
    const metrics = make(names);

    metrics.expired(["d0", "d199", "d200", "d249", "removed"]);

    const families = await tell(metrics);
    const dead = (destination: string) =>
      valueOf(families, "bellhop_deliveries_total", { destination, status: "dead" });
    expect([dead("d0"), dead("d199"), dead("d200"), dead("other")]).toEqual([1, 1, undefined, 3]);
  });

  it("tell of the hundred lanes that have waited longest, and sums of all", async () => {
    await fill(120);

    const families = await tell(make());

    const lanes = families.find(({ name }) => name === "bellhop_lane_waiting_age_seconds")?.samples;
    expect(lanes).toHaveLength(100);
    expect(lanes?.[0]).toMatchObject({ labels: { lane: "slack:a/C000" }, value: 60 });
    expect(lanes?.some(({ labels }) => labels["lane"] === "slack:a/C110")).toBe(false);
    expect(valueOf(families, "bellhop_deliveries_waiting")).toBe(120);
    expect(valueOf(families, "bellhop_lanes_waiting")).toBe(120);
    expect(valueOf(families, "bellhop_deliveries_waiting_age_seconds")).toBe(60);
  });

  /** Has the platform say of those lanes that their channels are archived. */
  const park = async (isParked: (lane: string) => boolean) => {
    const claims = await store.claim({ now: NOW + 200, limit: 200, owner: "b", leaseMs: 1_000 });
    const parked = claims.filter(({ lane }) => isParked(lane));
    expect(parked.length).toBeGreaterThan(0);
    const reason = { code: "is_archived", text: "The channel is archived." };
    for (const claim of parked) {
      const settlement = judge(
        { kind: "rejected", scope: "lane", reason },
        {
          ...claim,
          now: NOW + 300,
          random: 0.5,
          giveUpAfterMs: Infinity,
          paceMs: 0,
          onUnknown: "retry",
        },
      );
      const attempt = {
        outcome: "rejected",
        reason,
        endedAt: NOW + 300,
        template: "default",
        templateError: null,
        reports: [],
      } as const;
      await store.settle([{ claim, settlement, attempt }]);
    }
  };

  it("put parked lanes before all others", async () => {
    await fill(120);
    await park((lane) => lane === "slack:a/C119");

    const families = await tell(make());

    const lanes = parkedLanes(families);
    expect(lanes).toHaveLength(100);
    expect(lanes[0]).toMatchObject({ labels: { lane: "slack:a/C119" }, value: 1 });
  });

  it.each([
    ["half of the places", "slack:a/C060", 50, 50],
    ["all the places that parked ones leave", "slack:a/C020", 20, 80],
    ["as many places as there are of them", "slack:a/C110", 90, 10],
  ])("leave the others that wait %s", async (_which, end, parked, others) => {
    await fill(120);
    await park((lane) => lane < end);

    const families = await tell(make());

    const lanes = parkedLanes(families);
    const values = lanes.map(({ value }) => value);
    expect(values).toEqual([...Array<number>(parked).fill(1), ...Array<number>(others).fill(0)]);
    expect(lanes[parked]?.labels["lane"]).toBe(end);
    expect(valueOf(families, "bellhop_lanes_parked")).toBe(Number(end.slice(-3)));
  });

  it("tell what was counted also while the store cannot be read", async () => {
    const metrics = make();
    await store.close();

    metrics.webhook("polar", "unavailable");
    const families = await tell(metrics);

    expect(valueOf(families, "bellhop_store_writable")).toBe(0);
    expect(valueOf(families, "bellhop_webhooks_total", { answer: "unavailable" })).toBe(1);
    expect(valueOf(families, "bellhop_events_waiting")).toBeUndefined();
    expect(valueOf(families, "bellhop_store_bytes")).toBeUndefined();
    store = await openSqlite(":memory:");
  });

  it("tell the age of the oldest event that is not processed", async () => {
    const webhook = { id: "evt_1", source: "polar", key: "1", type: "order.paid", subject: "c" };
    const body = Buffer.from("{}");
    await store.enqueue([
      { ...webhook, time: null, receivedAt: NOW, body, quarantine: null, reports: [] },
    ]);

    const families = await tell(make());

    expect(valueOf(families, "bellhop_events_waiting")).toBe(1);
    expect(valueOf(families, "bellhop_events_waiting_age_seconds")).toBe(60);
  });
});

function parkedLanes(families: readonly Family[]) {
  return families.find(({ name }) => name === "bellhop_lane_parked")?.samples ?? [];
}

async function tell(metrics: Metrics): Promise<Family[]> {
  return readExposition((await metrics.expose()).text);
}
