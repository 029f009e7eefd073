import { setTimeout as pause } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { openStore } from "../../src/store/open.ts";
import { PARTIES } from "../end-to-end/house.ts";
import { NOBODY } from "../store/empty-store.ts";
import { arrived } from "../store/rows.ts";
import { loadClients, neighbors, type Neighbor } from "./neighbors.ts";

const CONFIG = `${PARTIES}
routes:
  - { name: everything, send: slack-bot }
operator: { send: discord-webhook }
`;
const DAY = 86_400_000;

/** How long every bridge has looked by itself for what there is to do, in milliseconds. */
const EVERYONE_LOOKED_MS = 6_000;

const linesOf = ({ log }: Neighbor, message: string) =>
  log.filter((line) => line.startsWith(`info ${message}`));
const until = async (holds: () => boolean) => {
  while (!holds()) await pause(20);
};

beforeAll(loadClients);

describe.concurrent("of bridges that share a database", { timeout: 120_000 }, () => {
  it("one tells the operator, and when it stops, the other does", async (test) => {
    const { sandbox, start } = await neighbors(test);
    const [one, other] = [await start(CONFIG), await start(CONFIG)];
    const told = () => sandbox.messages.map(({ body }) => JSON.stringify(body));

    // While one of them tells it, the other has a look too.
    sandbox.fault({ platform: "discord", fault: { kind: "slow", ms: EVERYONE_LOOKED_MS } });
    await other.send("polar", Buffer.from("{"));
    await until(() => told().length > 0);
    await Promise.all([one.bridge.idle(), other.bridge.idle()]);
    const first = told();
    const [before, after] = linesOf(one, "operator told").length > 0 ? [one, other] : [other, one];
    await before.bridge.stop();
    await after.send("plain", Buffer.from("{"));
    await until(() => told().length > first.length);
    await after.bridge.idle();

    expect(first).toEqual([expect.stringContaining("A webhook from polar was put in quarantine")]);
    expect(told().slice(1)).toEqual([
      expect.stringContaining("A webhook from plain was put in quarantine"),
    ]);
    expect(linesOf(before, "operator told")).toHaveLength(1);
    expect(linesOf(after, "operator told")).toHaveLength(1);
  });

  it("one prunes what is old", async (test) => {
    const { start } = await neighbors(test);
    const one = await start(CONFIG);
    const { store } = one.bridge;
    const receivedAt = Date.now() - 100 * DAY;
    const old = Array.from({ length: 400 }, (_, at) => arrived(`old-${at}`, { receivedAt }));
    await store.enqueue(old.map((event) => ({ ...event, quarantine: { code: "x", text: "No." } })));
    const other = await start(CONFIG);
    const pruned = () => [one, other].flatMap((each) => linesOf(each, "old events pruned"));

    await until(() => pruned().length > 0);
    await pause(EVERYONE_LOOKED_MS);

    expect(pruned()).toEqual(['info old events pruned {"payloads":0,"events":400}']);
    expect((await store.events({ limit: 1 })).items).toEqual([]);
  });

  it("each takes up at once what another has accepted", async (test) => {
    const { start } = await neighbors(test);
    const { bridge, config, send } = await start(CONFIG);
    // One that accepts webhooks and never gets further.
    const accepting = await openStore(config.store, NOBODY);
    test.onTestFinished(() => accepting.close());
    const { body } = await send("polar", "polar/created");
    const { body: payload = Buffer.alloc(0) } = (await bridge.store.event(body.id ?? "")) ?? {};
    const took: number[] = [];

    for (const key of ["a", "b", "c", "d"]) {
      await bridge.idle();
      const began = performance.now();
      const event = arrived(key, { body: payload });
      await accepting.enqueue([event]);
      while ((await accepting.backlog()) > 0) await pause(5);
      took.push(performance.now() - began);
    }

    // Without a word from the other, each would wait for the next look, five seconds after the one before.
    expect(took.reduce((sum, one) => sum + one)).toBeLessThan(10_000);
  });

  it("each may have another configuration for a while: nothing is lost, and nothing doubled", async (test) => {
    const { sandbox, start } = await neighbors(test);
    const before = CONFIG.replace("send: slack-bot", "send: discord-bot");
    const after = before.replace("1099414111111111111", "1099414111111111112");
    const [one, other] = [await start(before), await start(before)];
    const sendEach = async () => {
      for (const each of [one, other, one, other]) await each.send("polar", "polar/order-paid");
    };
    const posted = () => sandbox.messages.map(({ channel }) => channel);

    await sendEach();
    await one.reload(after);
    await sendEach();
    await other.reload(after);
    await until(() => posted().length === 8);
    await sendEach();
    await until(() => posted().length === 12);
    await Promise.all([one.bridge.idle(), other.bridge.idle()]);

    expect(posted()).toHaveLength(12);
    expect(new Set(posted().slice(8))).toEqual(new Set(["1099414111111111112"]));
  });
});
