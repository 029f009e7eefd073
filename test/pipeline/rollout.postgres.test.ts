import { setTimeout as pause } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { PARTIES } from "../end-to-end/house.ts";
import { loadClients, type Neighbor, neighbors } from "./neighbors.ts";

const ROUTE = `
routes:
  - { name: everything, send: new-channel }
`;
const NEW = `${PARTIES.replace(
  "  discord-webhook:",
  '  new-channel: { type: slack, token: xoxb-test, channel: C0NEW0000, api_url: "${SLACK_API}" }\n  discord-webhook:',
)}${ROUTE}`;
const OLD = `${PARTIES}
routes:
  - { name: everything, send: slack-bot }
`;
/** The source under another name, which the old configuration does not know. */
const NEW_SOURCE = NEW.replace("  polar:\n    type: polar", "  billing:\n    type: polar");

const deliveryOf = async ({ bridge }: Neighbor) =>
  (await bridge.store.deliveries({ limit: 1 })).items[0];
const statusOf = async (one: Neighbor) => (await deliveryOf(one))?.status;
const until = async (holds: () => Promise<boolean>) => {
  while (!(await holds())) await pause(50);
};

beforeAll(loadClients);

describe.concurrent("while a configuration is rolled out", { timeout: 120_000 }, () => {
  it("what goes to a new destination waits for a bridge that knows it", async (test) => {
    const { sandbox, start } = await neighbors(test);
    const before = await start(OLD);
    const after = await start(NEW);
    await after.send("polar", "polar/created");
    await until(async () => (await after.bridge.store.deliveries({ limit: 1 })).items.length > 0);
    await after.bridge.stop();
    await pause(6_000);
    const alone = await deliveryOf(before);

    const again = await start(NEW);
    await until(async () => (await statusOf(again)) === "delivered");

    expect(["pending", "delivered"]).toContain(alone?.status);
    // It is looked at now and then, and not again and again.
    expect(alone?.attempts).toBeLessThan(10);
    expect(sandbox.messages.map(({ channel }) => channel)).toEqual(["C0NEW0000"]);
  });

  it("an event of a new source waits for a bridge that knows it", async (test) => {
    const { start } = await neighbors(test);
    const before = await start(OLD);
    const after = await start(NEW_SOURCE);

    await after.send("billing", "polar/created");
    await until(async () => (await statusOf(after)) === "delivered");

    const [event] = (await before.bridge.store.events({ limit: 1 })).items;
    expect(event).toMatchObject({ source: "billing", status: "sent" });
  });
});
