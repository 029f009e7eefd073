import { afterEach, describe, expect, it } from "vitest";
import type { DeliveryRecord } from "../../src/store/store.ts";
import { type House, openHouse, PARTIES, sample, textOf } from "../end-to-end/house.ts";
import { save } from "./saving.ts";

const SAMPLES = ["created", "subscribed", "cancellation-scheduled"] as const;
const IN_ORDER = ["was created", "Subscribed to", "The subscription"];
const CONFIG = `${PARTIES.replace("token: xoxb-test", 'token: "${SLACK_TOKEN}"')}
routes:
  - { name: everything, send: slack-bot }
`;
const POST = { call: "chat.postMessage" };

describe("messages that wait when the config changes", () => {
  let house: House;
  let ahead = 0;
  afterEach(() => house.close());

  const open = async (token = "xoxb-test") => {
    ahead = 0;
    house = await openHouse({ config: CONFIG, ahead: () => ahead, env: { SLACK_TOKEN: token } });
  };
  const sendAll = async () => {
    for (const name of SAMPLES) await house.send("polar", await sample(`polar/${name}`));
  };
  /** In the order in which they were made. */
  const deliveries = async () =>
    (await house.bridge.store.deliveries({ limit: 100 })).items.toReversed();
  const until = async (holds: (all: readonly DeliveryRecord[]) => boolean) => {
    while (!holds(await deliveries())) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  /** Moves the clock; asking for anything has the bridge look at it. */
  const advance = async (ms: number) => {
    ahead += ms;
    await fetch(`${house.bridge.url}/api/lanes/nobody/resume`, { method: "POST" });
  };
  const untilDelivered = async () => {
    while (!(await deliveries()).every((one) => one.status === "delivered")) {
      await advance(1_000);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const posted = () =>
    house.sandbox.messages.map((one) => ({
      channel: one.channel,
      text: /was created|Subscribed to|The subscription/.exec(textOf(one, "text"))?.[0],
    }));
  const untilParked = () =>
    until((all) => all.length === 3 && all.every((one) => one.status === "parked"));

  it("go out after a revoked token was replaced in .env", async () => {
    await open("xoxb-revoked");
    await sendAll();
    await untilParked();

    const reloaded = await save(house, { ".env": "SLACK_TOKEN=xoxb-renewed\n" });
    await untilDelivered();

    expect(reloaded).toBe("applied");
    expect(posted().map(({ text }) => text)).toEqual(IN_ORDER);
    expect(await house.bridge.store.lanes()).toEqual([]);
  });

  it("go out after an archived channel was replaced by another", async () => {
    await open();
    house.sandbox.setChannel("slack", "C024BE91L", "archived");
    await sendAll();
    await untilParked();

    await save(
      house,
      { "config.yaml": CONFIG.replace("C024BE91L", "C0OTHER00") },
      { SLACK_TOKEN: "xoxb-test" },
    );
    await untilDelivered();

    expect(posted()).toEqual(IN_ORDER.map((text) => ({ channel: "C0OTHER00", text })));
  });

  it("are tried at once where they were parked, also when something else was changed", async () => {
    await open();
    house.sandbox.setChannel("slack", "C024BE91L", "archived");
    await sendAll();
    await untilParked();
    house.sandbox.setChannel("slack", "C024BE91L", "open");

    await save(
      house,
      { "config.yaml": `${CONFIG}delivery: { timeout: 9s }\n` },
      { SLACK_TOKEN: "xoxb-test" },
    );
    await until((all) => all[0]?.status === "delivered");
    await untilDelivered();

    expect(posted().map(({ text }) => text)).toEqual(IN_ORDER);
  });

  it("follow one that is under way: it ends where it began, and none overtakes it or comes twice", async () => {
    await open();
    house.sandbox.fault({ platform: "slack", match: POST, fault: { kind: "slow", ms: 700 } });
    await sendAll();
    await until((all) => all.length === 3 && all[0]?.status === "sending");

    const reloading = save(
      house,
      { "config.yaml": CONFIG.replace("C024BE91L", "C0OTHER00") },
      { SLACK_TOKEN: "xoxb-test" },
    );
    await reloading;
    const whenReloaded = posted();
    await untilDelivered();

    expect(whenReloaded).toEqual([{ channel: "C024BE91L", text: IN_ORDER[0] }]);
    expect(posted()).toEqual([
      { channel: "C024BE91L", text: IN_ORDER[0] },
      { channel: "C0OTHER00", text: IN_ORDER[1] },
      { channel: "C0OTHER00", text: IN_ORDER[2] },
    ]);
  });

  it("leave their channel also when one under way fails there, and keep their order", async () => {
    await open();
    house.sandbox.fault({ platform: "slack", match: POST, fault: { kind: "hang" } });
    await save(
      house,
      { "config.yaml": `${CONFIG}delivery: { timeout: 1s }\n` },
      { SLACK_TOKEN: "xoxb-test" },
    );
    await sendAll();
    await until((all) => all.length === 3 && all[0]?.status === "sending");

    await save(
      house,
      { "config.yaml": CONFIG.replace("C024BE91L", "C0OTHER00") },
      { SLACK_TOKEN: "xoxb-test" },
    );
    await untilDelivered();

    expect(posted()).toEqual(IN_ORDER.map((text) => ({ channel: "C0OTHER00", text })));
  });

  it("wait as long as the platform asked for, however often the config changes meanwhile", async () => {
    await open();
    const fault = { kind: "rate_limit", retryAfterMs: 30_000 } as const;
    house.sandbox.fault({ platform: "slack", match: POST, fault });
    await sendAll();
    await until((all) => all.length === 3 && all[0]?.lastError !== null);
    const { requests } = house.sandbox;

    for (const seconds of [7, 8, 9]) {
      await save(
        house,
        { "config.yaml": `${CONFIG}delivery: { timeout: ${seconds}s }\n` },
        { SLACK_TOKEN: "xoxb-test" },
      );
      await advance(9_000);
    }
    const during = house.sandbox.requests - requests;
    await untilDelivered();

    expect(during).toBe(0);
    expect(house.sandbox.early).toBe(0);
    expect(posted().map(({ text }) => text)).toEqual(IN_ORDER);
  });

  it("do not hold up other channels", async () => {
    const both = CONFIG.replace("send: slack-bot", "send: [slack-bot, discord-bot]");
    house = await openHouse({ config: both, env: { SLACK_TOKEN: "xoxb-test" } });
    house.sandbox.fault({ platform: "slack", match: POST, fault: { kind: "slow", ms: 1_500 } });
    await house.send("polar", await sample("polar/created"));
    await until((all) => all.some((one) => one.status === "sending"));

    let isReloaded = false;
    const reloading = save(
      house,
      { "config.yaml": both.replace("C024BE91L", "C0OTHER00") },
      { SLACK_TOKEN: "xoxb-test" },
    ).then(() => (isReloaded = true));
    await house.send("polar", await sample("polar/subscribed"));
    const onDiscord = () =>
      house.sandbox.messages.filter(({ platform }) => platform === "discord").length;
    while (onDiscord() < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    const wasWaiting = !isReloaded;
    await reloading;

    expect(wasWaiting).toBe(true);
  });
});
