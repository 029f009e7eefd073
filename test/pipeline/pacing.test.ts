import { afterEach, describe, expect, it } from "vitest";
import { type House, openHouse, PARTIES, sample } from "../end-to-end/house.ts";

/** Further channels of the bots, by destination's name. */
const channels = (platform: "slack" | "discord", count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => `${platform}-${at}`);
const destination = (name: string) => {
  const [platform, at] = name.split("-");
  return platform === "slack"
    ? `  ${name}: { type: slack, token: xoxb-test, channel: C${String(1_000_000 + Number(at))}, api_url: "\${SLACK_API}" }\n`
    : `  ${name}: { type: discord, token: test-${Math.floor(Number(at) / 40)}, channel: "${1_099_414_111_111_200_000n + BigInt(at ?? 0)}", api_url: "\${DISCORD_API}" }\n`;
};
const configFor = (names: readonly string[], more = "") =>
  `${PARTIES}${names
    .filter((name) => /\d$/.test(name))
    .map(destination)
    .join("")}
routes:
  - { name: everything, send: [${names.join(", ")}] }
${more}`;

const until = async (holds: () => boolean | Promise<boolean>) => {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
};

describe("pacing", () => {
  let house: House;
  let ahead = 0;
  afterEach(() => house.close());

  const open = async (config: string) => {
    ahead = 0;
    house = await openHouse({ config, ahead: () => ahead });
  };
  const send = async (...names: string[]) => {
    for (const name of names) await house.send("polar", await sample(`polar/${name}`));
  };
  /** Moves the clock; asking for anything has the bridge look at it. */
  const advance = async (ms: number) => {
    ahead += ms;
    await fetch(`${house.bridge.url}/api/lanes/nobody/resume`, { method: "POST" });
  };
  const deliveries = async () => (await house.bridge.store.deliveries({ limit: 500 })).items;
  const postedBy = (platform: string) =>
    house.sandbox.messages.filter((one) => one.platform === platform);

  it("has one channel go ahead after the account was refused, and the others follow when it got through", async () => {
    await open(configFor(channels("slack", 10)));
    const fault = { kind: "rate_limit", retryAfterMs: 30_000 } as const;
    house.sandbox.fault({ platform: "slack", fault, count: 1 });
    await send("created");
    await until(async () => (await deliveries()).filter((one) => one.attempts > 0).length > 0);
    await until(async () => (await deliveries()).every((one) => one.status === "pending"));
    house.sandbox.fault({ platform: "slack", fault, count: 1 });
    const { requests: before, early } = house.sandbox;

    await advance(30_000);
    await until(() => house.sandbox.requests > before);
    await until(async () => (await deliveries()).every((one) => one.status === "pending"));
    const tried = house.sandbox.requests - before;
    await advance(30_000);
    await until(() => house.sandbox.messages.length === 10);

    expect(tried).toBe(1);
    expect(house.sandbox.early - early).toBe(0);
  });

  it("goes on posting while Slack does not let a message in doubt be looked up", async () => {
    await open(configFor(channels("slack", 2)));
    const match = { call: "chat.postMessage", channel: "C1000000" };
    house.sandbox.fault({ platform: "slack", match, fault: { kind: "reset", taken: true } });
    const history = { call: "conversations.history" };
    const fault = { kind: "rate_limit", retryAfterMs: 60_000 } as const;
    house.sandbox.fault({ platform: "slack", match: history, fault });
    await send("created");
    await until(async () => (await deliveries()).some((one) => one.lastError !== null));
    await advance(2_000);
    await until(async () => (await deliveries()).some((one) => one.lastError?.code === "in-doubt"));

    await send("subscribed", "cancellation-scheduled");
    for (let second = 0; second < 5; second += 1) await advance(1_000);
    await until(
      () => house.sandbox.messages.filter((one) => one.channel === "C1000001").length === 3,
    );
    const inDoubt = (await deliveries()).at(-2);
    await advance(60_000);
    await until(async () => {
      await advance(1_000);
      return (await deliveries()).every((one) => one.status === "delivered");
    });

    expect(inDoubt?.status ?? "").not.toBe("dead");
    expect(house.sandbox.messages.filter((one) => one.channel === "C1000000")).toHaveLength(3);
    expect(house.sandbox.early).toBe(0);
  });

  it("brings all channels back at once when a platform comes back from an outage", async () => {
    await open(configFor([...channels("slack", 8), ...channels("discord", 8)]));
    await house.sandbox.down();
    await send("created");
    for (let attempt = 0; attempt < 12; attempt += 1) {
      await advance(300_000);
      await until(async () => {
        const all = await deliveries();
        return all.length === 16 && all.every((one) => one.status === "pending");
      });
    }

    await house.sandbox.up();
    // At the latest by now the first of each platform tries; the pauses of the others may be as long.
    let waited = 0;
    while (new Set(house.sandbox.messages.map((one) => one.platform)).size < 2) {
      await advance(5_000);
      waited += 5_000;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await until(() => house.sandbox.messages.length === 16);

    expect(waited).toBeLessThanOrEqual(300_000);
  });

  it("lets no account that hangs, nor its many channels, hold up another's", async () => {
    const slack = channels("slack", 300);
    await open(configFor([...slack, "slack-webhook", ...channels("discord", 40)]));
    house.sandbox.fault({
      platform: "slack",
      match: { call: "chat.postMessage" },
      fault: { kind: "hang" },
      count: Infinity,
    });

    await send("created", "subscribed");
    await until(() => postedBy("discord").length === 80);

    const hanging = house.sandbox.requests - house.sandbox.messages.length;
    expect(hanging).toBeLessThanOrEqual(32);
    expect(postedBy("slack").map((one) => one.kind)).toContain("webhook");
    house.sandbox.clear();
  });

  it("serves a thousand channels in turn, so that a busy one keeps none of the others waiting", async () => {
    const names = channels("discord", 1_000);
    const [busy = ""] = names;
    const toBusy = `  - { name: busy, match: { changes.kind: "subscription.*" }, send: ${busy}, stop: true }`;
    await open(configFor(names).replace("routes:", `routes:\n${toBusy}`));

    await send("created", "subscribed", "cancellation-scheduled");
    await until(() => house.sandbox.messages.length === 1_002);

    const order = house.sandbox.messages.map((one) => one.channel);
    const ofBusy = order.flatMap((channel, at) => (channel === "1099414111111200000" ? [at] : []));
    expect(new Set(order).size).toBe(1_000);
    expect(ofBusy).toHaveLength(3);
    expect(ofBusy[1]).toBeGreaterThan(900);
  }, 120_000);
});
