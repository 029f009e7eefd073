import fastify, { type FastifyInstance } from "fastify";
import { afterEach, beforeEach, expect, it } from "vitest";
import { judge } from "../../src/core/delivery.ts";
import type { MessageRef } from "../../src/core/outcome.ts";
import { api } from "../../src/server/api.ts";
import { openSqlite } from "../../src/store/sqlite/open.ts";
import type { DeliveryRecord, Store } from "../../src/store/store.ts";

const NOW = Date.parse("2026-11-22T10:00:00Z");
const URL = "https://northwind.slack.com/archives/C024BE91L/p1795342500000100";

let store: Store;
let app: FastifyInstance;
let asked: string[];

beforeEach(async () => {
  store = await openSqlite(":memory:");
  asked = [];
  app = fastify();
  const link = (delivery: DeliveryRecord) => {
    asked.push(delivery.id);
    return Promise.resolve(URL);
  };
  const parts = { sources: () => new Map(), revision: () => "r1", outline: () => [] };
  const rest = { adminToken: () => null, replay: unused, resume: unused, now: () => NOW };
  await app.register(api({ store, link, ...parts, ...rest }));
});
afterEach(async () => {
  await app.close();
  await store.close();
});

function unused(): Promise<never> {
  return Promise.reject(new Error("Nothing here asks for that."));
}

/** Stores an event with one message, posted when `ref` says where, and waiting otherwise. */
async function post(ref: MessageRef | null): Promise<void> {
  const webhook = { source: "polar", key: "k", type: "order.paid", time: null, subject: null };
  const more = { receivedAt: NOW, body: Buffer.from("{}"), quarantine: null, reports: [] };
  await store.enqueue([{ id: "evt_1", ...webhook, ...more }]);
  const lane = { lane: "slack:a/C1", account: "slack:a" };
  await store.process(1, NOW, () => ({
    status: "sent",
    changes: [],
    verdicts: null,
    deliveries: [{ id: "dlv_1", route: "all", destination: "sales", template: null, ...lane }],
    snapshot: null,
    revision: "r1",
    error: null,
    reports: [],
  }));
  if (ref === null) return;
  const [claim] = await store.claim({ now: NOW, limit: 1, owner: "a", leaseMs: 1_000 });
  if (claim === undefined) throw new Error("Nothing was claimed.");
  const settlement = judge(
    { kind: "delivered", ref },
    { ...claim, now: NOW, random: 0, giveUpAfterMs: 1_000, paceMs: 0, onUnknown: "retry" },
  );
  const attempt = {
    outcome: "delivered",
    reason: null,
    endedAt: NOW,
    template: "default",
  } as const;
  await store.settle([
    { claim, settlement, attempt: { ...attempt, templateError: null, reports: [] } },
  ]);
}

const get = async (url: string) => (await app.inject({ method: "GET", url })).json<object>();

it("a posted message is shown with its link where one event or delivery is looked at", async () => {
  await post({ channel: "C024BE91L", id: "1795342500.000100", url: null });

  const event = await get("/api/events/evt_1");
  const delivery = await get("/api/deliveries/dlv_1");

  expect(event).toMatchObject({ deliveries: [{ message: { url: URL } }] });
  expect(delivery).toMatchObject({ message: { url: URL } });
  expect(asked).toEqual(["dlv_1", "dlv_1"]);
});

it("no platform is asked for links where many are listed", async () => {
  await post({ channel: "C024BE91L", id: "1795342500.000100", url: null });

  const listed = await get("/api/deliveries");

  expect(listed).toMatchObject({ deliveries: [{ message: { url: null } }] });
  expect(asked).toEqual([]);
});

it("a message that was not posted has none", async () => {
  await post(null);

  const event = await get("/api/events/evt_1");

  expect(event).toMatchObject({ deliveries: [{ message: null }] });
  expect(asked).toEqual([]);
});
