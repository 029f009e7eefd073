import { afterEach, describe, expect, it } from "vitest";
import { startBridge } from "../../src/bridge.ts";
import type { Fault } from "../../src/sandbox/faults.ts";
import { type House, openHouse, PARTIES, sample } from "../end-to-end/house.ts";

const SILENT = { info: () => {}, warn: () => {}, error: () => {} };

const TO_SLACK = `${PARTIES}\nroutes:\n  - { name: everything, send: slack-bot }\n`;
const TO_DISCORD = TO_SLACK.replace("send: slack-bot", "send: discord-bot");
const HOLDING = (config: string) =>
  config.replaceAll(/api_url: "(.*?)" }/g, 'api_url: "$1", on_unknown: hold }');

describe("a message that may have been posted", () => {
  let house: House;
  let ahead = 0;
  afterEach(() => house.close());

  const open = async (config: string) => {
    ahead = 0;
    house = await openHouse({ config, ahead: () => ahead });
  };
  const send = async (name = "created") => house.send("polar", await sample(`polar/${name}`));
  const fail = (platform: "slack" | "discord", fault: Fault, call?: string, count = 1) =>
    house.sandbox.fault({ platform, fault, count, ...(call !== undefined && { match: { call } }) });
  /** Moves the clock; asking for anything has the bridge look at it. */
  const advance = async (ms: number) => {
    ahead += ms;
    await fetch(`${house.bridge.url}/api/lanes/nobody/resume`, { method: "POST" });
  };
  const delivery = async () => (await house.bridge.store.deliveries({ limit: 1 })).items[0];
  const outcomes = async () =>
    (await house.bridge.store.attempts((await delivery())?.id ?? "")).map((one) => one.outcome);
  const untilTried = async (attempts: number) => {
    while ((await outcomes()).filter((one) => one !== null).length < attempts)
      await new Promise((resolve) => setTimeout(resolve, 5));
  };

  const posted = { slack: "chat.postMessage", discord: "POST /channels/:id/messages" } as const;
  const TAKEN: Fault = { kind: "reset", taken: true };

  it.each([
    ["posts it again", TO_DISCORD, "delivered", 2],
    ["holds it", HOLDING(TO_DISCORD), "unknown", 1],
  ])(
    "beyond the time that Discord knows its nonce, %s as on_unknown says",
    async (_, config, status, count) => {
      await open(config);
      fail("discord", TAKEN, posted.discord);
      await send();
      await untilTried(1);

      await advance(600_000);
      await untilTried(2);

      expect((await delivery())?.status).toBe(status);
      expect(house.sandbox.messages).toHaveLength(count);
    },
  );

  it.each([
    ["posts it again", TO_SLACK, "delivered", 2],
    ["holds it", HOLDING(TO_SLACK), "unknown", 1],
  ])(
    "where Slack lets nobody read the channel, %s as on_unknown says",
    async (_, config, status, count) => {
      await open(config);
      fail("slack", TAKEN, posted.slack);
      fail("slack", { kind: "error", code: "missing_scope" }, "conversations.history");
      await send();
      await untilTried(1);

      await advance(2_000);
      await untilTried(2);

      expect((await delivery())?.status).toBe(status);
      expect(house.sandbox.messages).toHaveLength(count);
    },
  );

  it("is not looked for before Slack can have it in its history", async () => {
    await open(TO_SLACK);
    fail("slack", TAKEN, posted.slack);
    await send();
    await untilTried(1);
    const [first] = await house.bridge.store.attempts((await delivery())?.id ?? "");
    const { requests } = house.sandbox;

    await advance(1_000);
    const early = house.sandbox.requests - requests;
    const next = (await delivery())?.nextAttemptAt ?? 0;
    await advance(1_000);
    await untilTried(2);

    expect(early).toBe(0);
    expect(next - (first?.endedAt ?? 0)).toBe(2_000);
    expect(await outcomes()).toEqual(["unknown", "delivered"]);
    expect(house.sandbox.messages).toHaveLength(1);
  });

  it("has its account wait from the answer to the post on, however long the look-up before it took", async () => {
    let sandbox: House["sandbox"] | undefined;
    ahead = 0;
    // The look-up is the second request.
    const now = () => ahead + ((sandbox?.requests ?? 0) < 2 ? 0 : 60_000);
    house = await openHouse({ config: TO_SLACK, ahead: now });
    sandbox = house.sandbox;
    fail("slack", { kind: "reset", taken: false }, posted.slack);
    await send();
    await untilTried(1);
    fail("slack", { kind: "rate_limit", retryAfterMs: 30_000 }, posted.slack);
    await advance(2_000);
    await untilTried(2);
    const bot = house.config.destinations.find((one) => one.name === "slack-bot");
    const at = Date.now() + now();
    const other = { delivery: "dlv_2", event: "evt_2", number: 1, now: at, doubtfulSince: at };

    const request = { call: "", body: { channel: "C024BE91L", text: "Another." } };
    const outcome = await bot?.send(request, other, AbortSignal.timeout(10_000));

    expect(outcome).toMatchObject({ kind: "retry", scope: "account", own: true });
  });

  it("waits with its account when the token is revoked before it can be looked for", async () => {
    await open(TO_SLACK);
    fail("slack", TAKEN, posted.slack);
    fail("slack", { kind: "error", code: "token_revoked" }, "conversations.history");
    await send();
    await untilTried(1);

    await advance(2_000);
    await untilTried(2);
    const parked = await delivery();
    await advance(60_000);
    await untilTried(3);

    expect(parked).toMatchObject({ status: "parked", lastError: { code: "token_revoked" } });
    expect(await outcomes()).toEqual(["unknown", "rejected", "delivered"]);
    expect(house.sandbox.messages).toHaveLength(1);
  });

  it("is no failure of its channel when the bridge cut it off to stop, and is looked for at the next start", async () => {
    await open(TO_SLACK.replace("port: 0", "port: 0, shutdown_grace: 1s"));
    fail("slack", { kind: "hang", taken: true }, posted.slack);
    await send();
    while ((await delivery())?.status !== "sending")
      await new Promise((resolve) => setTimeout(resolve, 5));

    await house.bridge.stop();
    const again = await startBridge(house.config, { log: SILENT });
    while ((await again.store.deliveries({ limit: 1 })).items[0]?.status !== "delivered")
      await new Promise((resolve) => setTimeout(resolve, 20));
    const [found] = (await again.store.deliveries({ limit: 1 })).items;
    const attempts = await again.store.attempts(found?.id ?? "");
    await again.stop();

    expect(attempts[0]).toMatchObject({ outcome: "unknown", reason: { code: "timeout" } });
    expect(attempts.at(-1)?.outcome).toBe("delivered");
    expect(house.sandbox.messages).toHaveLength(1);
  });
});
