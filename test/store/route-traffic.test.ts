import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { judge } from "../../src/core/delivery.ts";
import type { NewDelivery, Store } from "../../src/store/store.ts";
import { openEmptyStore } from "./empty-store.ts";
import { arrived, newDelivery, processed, rowId } from "./rows.ts";

const NOW = Date.parse("2026-11-22T10:00:00Z");
const HOUR = 3_600_000;

const of = (route: string, lane = "slack:a/C1"): NewDelivery => ({ ...newDelivery(lane), route });

describe("what went through the routes", () => {
  let store: Store;

  beforeEach(async () => {
    store = await openEmptyStore();
  });
  afterEach(async () => {
    await store.close();
  });

  /** Takes one event in, and has it sent as the deliveries say; returns its id. */
  const happened = async (at: number, deliveries: readonly NewDelivery[]): Promise<string> => {
    const webhook = arrived(rowId("key"), { receivedAt: at });
    await store.enqueue([webhook]);
    await store.process(1, at, () => processed(deliveries));
    return webhook.id;
  };
  /** Ends what waits as a message that was refused for good. */
  const giveUp = async () => {
    const reason = { code: "no_text", text: "There is no text." };
    const claims = await store.claim({ now: NOW, limit: 10, owner: "bridge-1", leaseMs: 1_000 });
    await store.settle(
      claims.map((claim) => ({
        claim,
        settlement: judge(
          { kind: "rejected", scope: "message", reason },
          {
            ...claim,
            form: "plain",
            now: NOW,
            random: 0.5,
            giveUpAfterMs: HOUR,
            paceMs: 0,
            onUnknown: "retry",
          },
        ),
        attempt: {
          outcome: "rejected",
          reason,
          endedAt: NOW,
          template: "default",
          templateError: null,
          reports: [],
        },
      })),
    );
  };

  it("is counted by route: events, messages, and when the last was made", async () => {
    await happened(NOW - 2 * HOUR, [of("sales"), of("sales", "slack:a/C2"), of("ops")]);
    await happened(NOW - HOUR, [of("sales")]);

    const { routes } = await store.routeTraffic(NOW - 3 * HOUR);

    expect(new Set(routes)).toEqual(
      new Set([
        { route: "sales", events: 2, messages: 3, lastAt: NOW - HOUR },
        { route: "ops", events: 1, messages: 1, lastAt: NOW - 2 * HOUR },
      ]),
    );
  });

  it("tells how many events no route took", async () => {
    await happened(NOW - 2 * HOUR, []);
    await happened(NOW - HOUR, []);
    await happened(NOW, [of("sales")]);

    const { unrouted } = await store.routeTraffic(NOW - HOUR);

    expect(unrouted).toBe(1);
  });

  it("leaves out what came before the time", async () => {
    await happened(NOW - HOUR - 1, [of("sales")]);
    await happened(NOW - HOUR, [of("ops")]);

    const { routes } = await store.routeTraffic(NOW - HOUR);

    expect(routes.map(({ route }) => route)).toEqual(["ops"]);
  });

  it("counts no replays", async () => {
    const event = await happened(NOW - HOUR, [of("sales")]);
    await giveUp();

    const replayed = await store.replay({ events: [event], lanes: [], now: NOW, newId: rowId });
    const { routes } = await store.routeTraffic(NOW - 2 * HOUR);

    expect(replayed).toMatchObject([{ hindrance: null }]);
    expect(routes).toMatchObject([{ events: 1, messages: 1, lastAt: NOW - HOUR }]);
  });

  it("is counted to the end, however many portions that takes", async () => {
    const keys = Array.from({ length: 700 }, () => rowId("key"));
    await store.enqueue(keys.map((key) => arrived(key, { receivedAt: NOW })));
    await store.process(700, NOW, () => processed([of("sales"), of("sales", "slack:a/C2")]));
    await store.enqueue(keys.map((key) => arrived(`${key}-again`, { receivedAt: NOW })));
    await store.process(700, NOW, () => processed([]));

    const { routes, unrouted } = await store.routeTraffic(NOW);

    expect(routes).toMatchObject([{ events: 700, messages: 1_400 }]);
    expect(unrouted).toBe(700);
  });

  it("is nothing in an empty store", async () => {
    const traffic = await store.routeTraffic(0);

    expect(traffic).toEqual({ routes: [], unrouted: 0 });
  });
});
