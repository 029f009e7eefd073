import { setTimeout as pause } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { LEASE } from "../../src/pipeline/leases.ts";
import type { Store } from "../../src/store/store.ts";
import { PARTIES } from "../end-to-end/house.ts";
import { loadClients, neighbors } from "./neighbors.ts";

const TO_SLACK = `${PARTIES}
routes:
  - { name: everything, send: slack-bot }
delivery: { timeout: 1m }
`;
const POST = { platform: "slack", match: { call: "chat.postMessage" } } as const;

const onlyDelivery = async (store: Store) => (await store.deliveries({ limit: 2 })).items[0];
const untilDelivered = async (store: Store) => {
  while ((await onlyDelivery(store))?.status !== "delivered") await pause(50);
};

beforeAll(loadClients);

// They wait for real leases, and hardly work: so they wait together.
describe.concurrent("a lane that a bridge is at", { timeout: 120_000 }, () => {
  it("stays its own for as long as it lives, however long an attempt takes", async (test) => {
    const { sandbox, start } = await neighbors(test);
    const [one, other] = [await start(TO_SLACK), await start(TO_SLACK)];
    sandbox.fault({ ...POST, fault: { kind: "slow", ms: LEASE.forMs + 2 * LEASE.everyMs } });

    await one.send("polar", "polar/created");
    await untilDelivered(other.bridge.store);

    const { id = "" } = (await onlyDelivery(one.bridge.store)) ?? {};
    expect(await one.bridge.store.attempts(id)).toMatchObject([{ outcome: "delivered" }]);
    expect(sandbox.requests).toBe(1);
  });

  it("is another's within twice the lease after it was killed, which first looks for the message", async (test) => {
    const { sandbox, start, serve } = await neighbors(test);
    const killed = await serve(TO_SLACK);
    sandbox.fault({ ...POST, fault: { kind: "hang", taken: true } });
    await killed.send("polar", "polar/created");
    while (sandbox.messages.length === 0) await pause(20);
    const { store } = (await start(TO_SLACK)).bridge;

    await killed.kill();
    const killedAt = performance.now();
    await untilDelivered(store);
    const tookMs = performance.now() - killedAt;

    const { id = "" } = (await onlyDelivery(store)) ?? {};
    const outcomes = (await store.attempts(id)).map(({ outcome }) => outcome);
    // In between, Slack may not have it in its history yet.
    expect([outcomes[0], outcomes.at(-1)]).toEqual([null, "delivered"]);
    expect(sandbox.messages).toHaveLength(1);
    expect(tookMs).toBeLessThan(2 * LEASE.forMs);
  });
});
