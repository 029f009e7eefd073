import { afterEach, describe, expect, it } from "vitest";
import { type Bridge, startBridge } from "../../src/bridge.ts";
import { PARKING } from "../../src/core/delivery.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import type { DeliveryRecord } from "../../src/store/store.ts";
import { type House, openHouse, PARTIES, sample, textOf, writeHouse } from "../end-to-end/house.ts";

type Kind = "slack-bot" | "slack-webhook" | "discord-bot" | "discord-webhook";

const SILENT = { info: () => {}, warn: () => {}, error: () => {} };
const SAMPLES = ["created", "subscribed", "cancellation-scheduled"] as const;
const DISCORD_CHANNEL = "1099414111111111111";

/** Breaks something at a platform, and gives back what mends it. */
type Break = (sandbox: Sandbox) => () => void;

const refuse =
  (platform: "slack" | "discord", ...codes: (string | number)[]): Break =>
  (sandbox) => {
    for (const code of codes) sandbox.fault({ platform, fault: { kind: "error", code } });
    return () => {};
  };
const unauthorized: Break = (sandbox) => {
  sandbox.fault({ platform: "discord", fault: { kind: "status", status: 401 } });
  return () => {};
};
const channel =
  (platform: "slack" | "discord", id: string, state: "archived" | "not_in_channel"): Break =>
  (sandbox) => {
    sandbox.setChannel(platform, id, state);
    return () => sandbox.setChannel(platform, id, "open");
  };
const webhookOff: Break = (sandbox) => {
  sandbox.removeWebhook(sandbox.slackWebhook("hooked"));
  return () => sandbox.slackWebhook("hooked");
};

/** What can break so that a person has to mend it, and whether that is a channel's matter or the whole account's. */
const TROUBLES: readonly (readonly [what: string, Kind, "lane" | "account", string, Break])[] = [
  ["a revoked token", "slack-bot", "account", "token_revoked", refuse("slack", "token_revoked")],
  [
    "an archived channel",
    "slack-bot",
    "lane",
    "is_archived",
    channel("slack", "C024BE91L", "archived"),
  ],
  [
    "a bot removed from its channel",
    "slack-bot",
    "lane",
    "not_in_channel",
    channel("slack", "C024BE91L", "not_in_channel"),
  ],
  ["a webhook that is turned off", "slack-webhook", "lane", "no_service", webhookOff],
  ["a token that was reset", "discord-bot", "account", "http-401", unauthorized],
  [
    "a bot removed from its server",
    "discord-bot",
    "lane",
    "50001",
    channel("discord", DISCORD_CHANNEL, "not_in_channel"),
  ],
  ["a bot that may not write", "discord-bot", "lane", "50013", refuse("discord", 50_013)],
];

/** Everything to one destination. */
const planFor = (kind: Kind, more = "") =>
  `${PARTIES}${more}\nroutes:\n  - { name: everything, send: ${kind} }\n`;

/** What a person may call that which is parked. */
const NAMES = {
  lane: ["destination", "lane"],
  account: ["destination", "lane", "account"],
} as const;

describe("parking", () => {
  let house: House;
  let bridge: Bridge;
  let ahead = 0;
  afterEach(async () => {
    if (bridge !== house.bridge) await bridge.stop();
    await house.close();
  });

  const open = async (config: string) => {
    ahead = 0;
    house = await openHouse({ config, ahead: () => ahead });
    bridge = house.bridge;
  };
  const restart = async (config: string, env: Record<string, string> = {}) => {
    await bridge.stop();
    const plan = { config, env };
    const mended = await writeHouse(house.folder, house.sandbox, plan);
    bridge = await startBridge(mended, { log: SILENT, now: () => Date.now() + ahead });
  };
  const ask = (lane: string) =>
    fetch(`${bridge.url}/api/lanes/${encodeURIComponent(lane)}/resume`, { method: "POST" });
  /** Moves the clock; asking for anything has the bridge look at it. */
  const advance = async (ms: number) => {
    ahead += ms;
    await ask("nobody");
  };
  const sendAll = async () => {
    for (const name of SAMPLES) await house.send("polar", await sample(`polar/${name}`));
  };
  /** In the order in which they were made. */
  const deliveries = async () => (await bridge.store.deliveries({ limit: 100 })).items.toReversed();
  const until = async (holds: (all: readonly DeliveryRecord[]) => boolean) => {
    while (!holds(await deliveries())) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  const untilParked = (attempts: number) =>
    until(
      (all) =>
        all.length === SAMPLES.length &&
        all[0]?.attempts === attempts &&
        all.every((one) => one.status === "parked"),
    );
  const untilDelivered = async () => {
    while (!(await deliveries()).every((one) => one.status === "delivered")) {
      await advance(1_000);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const posted = () =>
    house.sandbox.messages.map((one) => {
      const text = textOf(one, "text") || textOf(one, "content");
      return /was created|Subscribed to|The subscription/.exec(text)?.[0];
    });
  const IN_ORDER = ["was created", "Subscribed to", "The subscription"];

  describe.each(TROUBLES)("of %s", (_, kind, scope, code, breakIt) => {
    const parkIt = async (more = "") => {
      await open(planFor(kind, more));
      const mend = breakIt(house.sandbox);
      await sendAll();
      await untilParked(1);
      return mend;
    };

    it("holds everything behind it, and says what is parked and why", async () => {
      await parkIt();

      const [first, ...others] = await deliveries();
      const [lane] = await bridge.store.lanes();
      const { parked } = (await (await fetch(`${bridge.url}/readyz`)).json()) as {
        parked: object[];
      };
      expect(first?.lastError?.code).toBe(code);
      expect(others.map((one) => one.attempts)).toEqual([0, 0]);
      expect(lane).toMatchObject({ waiting: 3, parked: { code } });
      expect(parked).toHaveLength(1);
      expect(house.sandbox.messages).toEqual([]);
    });

    it("goes on in order by itself, once it is mended and its pause is over", async () => {
      const mend = await parkIt();
      mend();

      await advance(PARKING.firstMs - 5_000);
      const tooSoon = house.sandbox.messages.length;
      await advance(5_000);
      await untilDelivered();

      expect(tooSoon).toBe(0);
      expect(posted()).toEqual(IN_ORDER);
    });

    it.each(NAMES[scope])("goes on in order when a person resumes it by its %s", async (name) => {
      const mend = await parkIt();
      mend();
      const [lane] = await bridge.store.lanes();
      const names = { destination: kind, lane: lane?.lane ?? "", account: lane?.account ?? "" };

      const answer = await ask(names[name]);
      const body = await answer.json();
      await untilDelivered();

      expect(body).toEqual({ resumed: 1 });
      expect(posted()).toEqual(IN_ORDER);
    });

    it("goes on in order when the bridge starts again", async () => {
      const mend = await parkIt();
      mend();

      await restart(planFor(kind));
      await untilDelivered();

      expect(posted()).toEqual(IN_ORDER);
    });
  });

  it("tries less and less often what stays broken, but never less than once an hour", async () => {
    await open(planFor("slack-bot"));
    house.sandbox.setChannel("slack", "C024BE91L", "archived");
    await sendAll();

    const pauses: number[] = [];
    for (let attempts = 1; attempts <= 9; attempts += 1) {
      await untilParked(attempts);
      const [head] = await deliveries();
      const last = (await bridge.store.attempts(head?.id ?? "")).at(-1);
      const pause = (head?.nextAttemptAt ?? 0) - (last?.endedAt ?? 0);
      pauses.push(pause / 60_000);
      await advance(pause);
    }

    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
  });

  it("is tried anew before anything is given up on, by a bridge that was stopped for longer than messages are kept", async () => {
    await open(planFor("slack-bot"));
    house.sandbox.setChannel("slack", "C024BE91L", "archived");
    await sendAll();
    await untilParked(1);
    await bridge.stop();
    house.sandbox.setChannel("slack", "C024BE91L", "open");

    ahead += 4 * 86_400_000;
    await restart(planFor("slack-bot"));
    while (!(await deliveries()).every((one) => ["delivered", "dead"].includes(one.status))) {
      await advance(1_000);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }

    expect(posted()).toEqual(IN_ORDER);
  });

  it("takes a revoked token's messages along to the new one", async () => {
    await open(planFor("slack-bot").replace("xoxb-test", "xoxb-revoked"));
    await sendAll();
    await untilParked(1);

    await restart(planFor("slack-bot"));
    await untilDelivered();

    expect(posted()).toEqual(IN_ORDER);
    expect(await bridge.store.lanes()).toEqual([]);
  });

  it("parks one channel of a bot and not the others, when the bot cannot see it", async () => {
    const twin = `  twin: { type: discord, token: test, channel: "1099414111111111112", api_url: "\${DISCORD_API}" }\n`;
    await open(
      planFor("discord-bot", twin).replace("send: discord-bot", "send: [discord-bot, twin]"),
    );
    house.sandbox.setChannel("discord", DISCORD_CHANNEL, "not_in_channel");

    await sendAll();
    await until(
      (all) =>
        all.length === 6 &&
        all.every((one) => one.status === (one.destination === "twin" ? "delivered" : "parked")),
    );

    expect(posted()).toEqual(IN_ORDER);
  });

  const bury = async () => {
    await open(planFor("discord-webhook"));
    house.sandbox.removeWebhook(house.sandbox.discordWebhook("hooked"));
    await sendAll();
    await untilParked(1);
  };

  describe("of a Discord webhook that was deleted", () => {
    it("never calls it again: not after hours, not when it is resumed, not when the bridge starts", async () => {
      await bury();

      for (let hour = 0; hour < 24; hour += 1) await advance(3_600_000);
      const answer = await ask("discord-webhook");
      const { message } = (await answer.json()) as { message: string };
      await restart(planFor("discord-webhook"));
      await advance(3_600_000);
      const all = await deliveries();

      expect(answer.status).toBe(409);
      expect(message).toContain("set its new address in the configuration");
      expect(house.sandbox.requests).toBe(1);
      expect(all.map((one) => [one.status, one.attempts])).toEqual([
        ["parked", 1],
        ["parked", 0],
        ["parked", 0],
      ]);
    });

    it("takes its messages along to a new address, in order", async () => {
      await bury();

      await restart(planFor("discord-webhook"), {
        DISCORD_WEBHOOK: house.sandbox.discordWebhook("fresh"),
      });
      await untilDelivered();

      expect(posted()).toEqual(IN_ORDER);
      expect(house.sandbox.messages.map((one) => one.channel)).toEqual(["fresh", "fresh", "fresh"]);
      expect(await bridge.store.lanes()).toEqual([]);
    });

    it("gives its messages up when nobody names a new address in time", async () => {
      await bury();

      for (let day = 0; day < 4; day += 1) await advance(86_400_000);
      await until((all) => all.every((one) => one.status === "dead"));

      expect(house.sandbox.requests).toBe(1);
    });
  });
});
