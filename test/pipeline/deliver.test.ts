import { afterEach, describe, expect, it } from "vitest";
import { startBridge } from "../../src/bridge.ts";
import { change } from "../../src/core/change.ts";
import { openStore } from "../../src/store/open.ts";
import type { DeliveryRecord } from "../../src/store/store.ts";
import {
  EVERYWHERE,
  exchanged,
  type House,
  openHouse,
  PARTIES,
  type Plan,
  sample,
  textOf,
} from "../end-to-end/house.ts";
import { NOBODY } from "../store/empty-store.ts";

const TO_SLACK = PARTIES + EVERYWHERE.replace(/send: .*/, "send: slack-bot");
const WITH_OPERATOR = `${TO_SLACK}\noperator: { send: discord-bot }\n`;

const SILENT = { info: () => {}, warn: () => {}, error: () => {} };

describe("delivering", () => {
  let house: House;
  afterEach(async () => {
    await house.close();
  });

  const open = async (plan: Plan) => {
    house = await openHouse(plan);
  };
  const send = async (...names: string[]) => {
    for (const name of names) await house.send("polar", await sample(`polar/${name}`));
  };
  const texts = () => house.posted()["slack-bot"].map((message) => textOf(message, "text"));
  const deliveries = async () => (await house.bridge.store.deliveries({ limit: 100 })).items;
  const until = async (holds: (all: readonly DeliveryRecord[]) => boolean) => {
    while (!holds(await deliveries())) await new Promise((resolve) => setTimeout(resolve, 10));
  };

  it("keeps the order in a lane, and the pace, so that the platform never has to refuse", async () => {
    await open({ config: TO_SLACK, sandbox: { rateLimits: "strict" } });

    await send("created", "subscribed", "cancellation-scheduled");
    await house.bridge.idle();

    expect(texts().map((text) => text.slice(0, 30))).toEqual([
      "Ada Lindqvist: The customer wa",
      "Ada Lindqvist: Subscribed to P",
      "Ada Lindqvist: The subscriptio",
    ]);
    expect(house.sandbox.refused).toEqual([]);
  });

  it("waits as long as a 429 asks, and loses nothing", async () => {
    await open({ config: TO_SLACK });
    house.sandbox.fault({ platform: "slack", fault: { kind: "rate_limit", retryAfterMs: 2_000 } });

    await send("created");
    await house.bridge.idle();

    const [delivery] = await deliveries();
    const [first, second] = await house.bridge.store.attempts(delivery?.id ?? "");
    expect(first).toMatchObject({ outcome: "retry", reason: { code: "ratelimited" } });
    expect(second?.outcome).toBe("delivered");
    expect((second?.startedAt ?? 0) - (first?.endedAt ?? 0)).toBeGreaterThanOrEqual(2_000);
  });

  it("parks a lane whose channel is gone, tells the operator once, and goes on in the others", async () => {
    await open({ config: `${PARTIES}${EVERYWHERE}\noperator: { send: discord-webhook }\n` });
    house.sandbox.setChannel("slack", "C024BE91L", "archived");

    await send("created", "subscribed");
    await house.bridge.idle();

    const posted = house.posted();
    const reports = posted["discord-webhook"].filter((one) =>
      textOf(one, "content").startsWith("Bellhop"),
    );
    const parked = (await deliveries()).filter((one) => one.status === "parked");
    expect(parked.map((one) => one.destination)).toEqual(["slack-bot", "slack-bot"]);
    expect(parked.at(-1)).toMatchObject({ attempts: 1, lastError: { code: "is_archived" } });
    expect(posted["slack-webhook"]).toHaveLength(2);
    expect(posted["discord-bot"]).toHaveLength(2);
    expect(reports).toHaveLength(1);
  });

  it("parks the account of a revoked token, and tries again when the bridge starts anew", async () => {
    await open({ config: WITH_OPERATOR });
    house.sandbox.fault({ platform: "slack", fault: { kind: "error", code: "token_revoked" } });
    await send("created", "subscribed");
    await until((all) => all.length === 2 && all.every((one) => one.status === "parked"));
    await house.bridge.idle();
    const reports = house.posted()["discord-bot"];

    await house.bridge.stop();
    const again = await startBridge(house.config, { log: SILENT });
    while (house.sandbox.messages.length < 3)
      await new Promise((resolve) => setTimeout(resolve, 10));
    await again.idle();
    const lanes = await again.store.lanes();
    await again.stop();

    expect(reports).toHaveLength(1);
    expect(JSON.stringify(reports[0]?.body)).toContain("slack");
    expect(lanes).toEqual([]);
    expect(texts()).toHaveLength(2);
  });

  it("sends a message whose blocks are refused once more as plain text", async () => {
    await open({ config: TO_SLACK });
    house.sandbox.fault({ platform: "slack", fault: { kind: "error", code: "invalid_blocks" } });

    await send("created");
    await house.bridge.idle();

    const [message] = house.posted()["slack-bot"];
    expect(message?.body["blocks"]).toBeUndefined();
    expect(message?.body["text"]).toContain("The customer was created.");
    expect((await deliveries())[0]).toMatchObject({ status: "delivered", attempts: 2 });
  });

  it("gives up on a message that is refused as plain text too, tells the operator, and goes on", async () => {
    await open({ config: WITH_OPERATOR });
    const fault = { kind: "error", code: "invalid_blocks" } as const;
    house.sandbox.fault({ platform: "slack", fault, count: 2 });

    await send("created", "subscribed");
    await house.bridge.idle();

    const [second, first] = await deliveries();
    expect(first).toMatchObject({
      status: "dead",
      attempts: 2,
      lastError: { code: "invalid_blocks" },
    });
    expect(second).toMatchObject({ status: "delivered" });
    expect(textOf(house.posted()["discord-bot"][0], "content").replaceAll("\\", "")).toContain(
      first?.id,
    );
  });

  it("sends the built-in rendering when a template fails, and tells the operator", async () => {
    await open({
      config: WITH_OPERATOR,
      templates: {
        "default.hbs": "{{> loop}}",
        "partials/loop.hbs": "{{#if customer.name}}{{> loop}}{{/if}}",
      },
    });

    await send("created");
    await house.bridge.idle();

    const posted = house.posted();
    const [delivery] = await deliveries();
    const [attempt] = await house.bridge.store.attempts(delivery?.id ?? "");
    expect(posted["slack-bot"][0]?.body["text"]).toContain("Ada Lindqvist");
    expect(delivery).toMatchObject({ status: "delivered", template: "built-in" });
    expect(attempt?.templateError).toContain("loop");
    expect(JSON.stringify(posted["discord-bot"][0]?.body)).toContain("template failed");
  });

  it("holds a message that may have been posted where the config says so, and goes on", async () => {
    const hold = TO_SLACK.replace(
      'webhook: "${SLACK_WEBHOOK}"',
      'webhook: "${SLACK_WEBHOOK}", on_unknown: hold',
    ).replace("send: slack-bot", "send: slack-webhook");
    await open({ config: hold });
    house.sandbox.fault({ platform: "slack", fault: { kind: "reset", taken: true } });

    await send("created", "subscribed");
    await house.bridge.idle();

    const statuses = (await deliveries()).map((one) => one.status);
    expect(statuses).toEqual(["delivered", "unknown"]);
    expect(house.posted()["slack-webhook"]).toHaveLength(2);
  });

  it("looks for a message before it holds it, where the platform can be asked", async () => {
    const hold = TO_SLACK.replace("channel: C024BE91L", "channel: C024BE91L, on_unknown: hold");
    await open({ config: hold });
    house.sandbox.fault({ platform: "slack", fault: { kind: "reset", taken: true } });
    house.sandbox.fault({ platform: "slack", fault: { kind: "status", status: 503 } });

    await send("created");
    await house.bridge.idle();

    const [delivery] = await deliveries();
    const attempts = await house.bridge.store.attempts(delivery?.id ?? "");
    expect(attempts.map((one) => one.outcome)).toEqual(["unknown", "retry", "delivered"]);
    expect(house.posted()["slack-bot"]).toHaveLength(1);
  });

  it.each(["slack-bot", "discord-bot"] as const)(
    "never doubles a message of a %s that was posted although the answer was lost",
    async (kind) => {
      await open({ config: TO_SLACK.replace("send: slack-bot", `send: ${kind}`) });
      const platform = kind === "slack-bot" ? "slack" : "discord";
      house.sandbox.fault({ platform, fault: { kind: "cut" } });

      await send("created");
      await house.bridge.idle();

      expect(house.posted()[kind]).toHaveLength(1);
      expect((await deliveries())[0]).toMatchObject({ status: "delivered", attempts: 2 });
    },
  );

  it("gives up on a message that cannot be made any more, and goes on", async () => {
    await open({ config: TO_SLACK });
    await house.bridge.stop();
    const store = await openStore(house.config.store, NOBODY);
    const [destination] = house.config.destinations;
    if (destination === undefined) throw new Error("The config has no destination.");
    const { name, lane, account } = destination;
    await store.enqueue([
      {
        id: "evt_broken",
        source: "polar",
        key: "broken",
        type: "customer.state_changed",
        time: null,
        subject: null,
        receivedAt: 0,
        body: Buffer.from("an older version could read this"),
        quarantine: null,
        reports: [],
      },
    ]);
    await store.process(1, Date.now(), () => ({
      status: "sent",
      changes: [change({ kind: "customer.created", summary: "Created.", tone: "good" })],
      verdicts: null,
      deliveries: [
        { id: "dlv_broken", route: "r", template: null, destination: name, lane, account },
      ],
      snapshot: null,
      revision: "older",
      error: null,
      reports: [],
    }));
    await store.close();

    const again = await startBridge(house.config, { log: SILENT });
    await again.idle();
    const { items } = await again.store.deliveries({ limit: 10 });
    await again.stop();

    expect(items).toMatchObject([
      { id: "dlv_broken", status: "dead", lastError: { code: "message-failed" } },
    ]);
  });

  it("gives up on a message to a destination that was removed, and the others in its lane go on", async () => {
    const twins = TO_SLACK.replace(
      "  slack-webhook:",
      '  twin: { type: slack, token: xoxb-test, channel: C024BE91L, api_url: "${SLACK_API}" }\n  slack-webhook:',
    );
    await open({ config: twins.replace("send: slack-bot", "send: [twin, slack-bot]") });
    house.sandbox.fault({ platform: "slack", fault: { kind: "error", code: "is_archived" } });
    await send("created");
    await until((all) => all.length === 2 && all.every((one) => one.status === "parked"));
    await house.bridge.stop();

    const config = {
      ...house.config,
      destinations: house.config.destinations.filter((one) => one.name !== "twin"),
    };
    // Bridges that share a database leave it to others for ten minutes: one may have a newer config.
    const again = await startBridge(config, { log: SILENT, now: tenMinutesOn });
    while (house.sandbox.messages.length < 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    await again.idle();
    const { items } = await again.store.deliveries({ limit: 10 });
    await again.stop();

    expect(items.map((one) => [one.destination, one.status, one.lastError?.code ?? null])).toEqual([
      ["slack-bot", "delivered", null],
      ["twin", "dead", "destination-unknown"],
    ]);
  });

  it("lets a message that is under way end when the bridge stops, and writes it down", async () => {
    await open({ config: TO_SLACK });
    house.sandbox.fault({ platform: "slack", fault: { kind: "slow", ms: 500 } });
    await send("created");
    await until((all) => all[0]?.status === "sending");

    await house.bridge.stop();
    const again = await startBridge(house.config, { log: SILENT });
    const { items } = await again.store.deliveries({ limit: 10 });
    await again.stop();

    expect(items[0]).toMatchObject({ status: "delivered", attempts: 1 });
    expect(texts()).toHaveLength(1);
  });

  it("keeps secrets and customers out of the log", async () => {
    await open({ config: WITH_OPERATOR });
    house.sandbox.fault({
      platform: "slack",
      fault: { kind: "error", code: "invalid_blocks" },
      count: 2,
    });

    await send("created");
    await house.send("polar", await exchanged("polar/subscribed", { active: "" }));
    await house.send(
      "polar",
      Buffer.from('{"type":"customer.state_changed","data":{"email":"ada@northwind.example"}}'),
    );
    await house.bridge.idle();

    const log = house.log.join("\n");
    expect(log).toContain("message not delivered");
    for (const secret of [
      "Ada",
      "northwind.example",
      "xoxb-test",
      "MDEyMzQ1",
      "plainTestSecret",
      "/services/",
      "usr_1337",
    ])
      expect(log).not.toContain(secret);
  });
});

function tenMinutesOn(): number {
  return Date.now() + 600_000;
}
