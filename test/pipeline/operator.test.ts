import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startBridge } from "../../src/bridge.ts";
import type { SandboxMessage } from "../../src/sandbox/message.ts";
import { openStore } from "../../src/store/open.ts";
import {
  EVERYWHERE,
  type House,
  openHouse,
  PARTIES,
  type Plan,
  sample,
  textOf,
} from "../end-to-end/house.ts";
import { refuseWrites } from "../store/beside.ts";
import { NOBODY } from "../store/empty-store.ts";

const MINUTE = 60_000;
const DISCORD_CHANNEL = "1099414111111111111";
const TO_DISCORD = PARTIES + EVERYWHERE.replace(/send: .*/, "send: discord-bot");
const TOLD_ON_SLACK = `${TO_DISCORD}\noperator: { send: slack-bot }\n`;

describe("telling the operator", () => {
  let house: House;
  let ahead: number;
  beforeEach(() => {
    ahead = 0;
  });
  afterEach(async () => {
    await house.close();
  });

  const open = async (plan: Plan = {}) => {
    house = await openHouse({ config: TOLD_ON_SLACK, ahead: () => ahead, ...plan });
  };
  /** Sends a webhook that is authentic and of no use. */
  const postOdd = async (
    body = '{"type":"customer.state_changed","timestamp":"2026-11-22T10:00:00Z","data":{"id":7}}',
  ) => {
    const answer = await house.send("polar", Buffer.from(body));
    expect(answer.body.status).toBe("quarantined");
  };
  const sendOdd = async (body?: string) => {
    await postOdd(body);
    await house.bridge.idle();
  };
  const told = () => bodies(house.posted()["slack-bot"]);
  /** Lets some minutes pass, has something else to be told, and gives back what the operator was told then. */
  const toldAfter = async (minutes: number) => {
    ahead += minutes * MINUTE;
    const times = () => house.log.filter((line) => line.startsWith("info operator told")).length;
    const before = times();
    await house.send("polar", Buffer.from(`{"at":${ahead}}`));
    // That it is posted does not mean that it is noted.
    await until(() => times() > before);
    return told().join();
  };
  const ready = async () => {
    const response = await fetch(`${house.bridge.url}/readyz`);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  it("says what was put in quarantine, and which places of the payload did not fit", async () => {
    await open();

    await sendOdd();

    const [message, ...others] = house.posted()["slack-bot"];
    expect(others).toEqual([]);
    expect(textOf(message, "text")).toMatch(
      /^Bellhop: A webhook from polar was put in quarantine as evt_\w+: .*data\.id/,
    );
  });

  it("sends one message a cause in ten minutes, and then how often it came up since", async () => {
    await open();

    for (let count = 0; count < 5; count += 1) await sendOdd();
    const first = told();
    ahead += 10 * MINUTE;
    await sendOdd();
    const second = told();

    expect(first).toHaveLength(1);
    expect(first[0]).not.toContain("times.)");
    expect(second).toEqual([expect.stringContaining("(5 times.)")]);
  });

  it("keeps the pace of a channel that others post to as well", async () => {
    const config = `${PARTIES}${EVERYWHERE.replace(/send: .*/, "send: slack-bot")}\noperator: { send: slack-bot }\n`;
    const start = Date.now();
    let isStanding = true;
    // While the clock stands, the channel's pace lets one message through, however long the rest takes to come in.
    const standing = () => (isStanding ? start - Date.now() : ahead);
    await open({ config, sandbox: { rateLimits: "strict" }, ahead: standing });

    for (const name of ["created", "subscribed", "cancellation-scheduled"])
      await house.send("polar", await sample(`polar/${name}`));
    await postOdd();
    await until(() => house.sandbox.messages.length > 0);
    ahead = start - Date.now();
    isStanding = false;
    await house.bridge.idle();

    const texts = house.posted()["slack-bot"].map((message) => textOf(message, "text"));
    expect(texts).toHaveLength(4);
    // The report does not wait behind all the others.
    expect(texts.findIndex((text) => text.startsWith("Bellhop"))).toBeLessThan(3);
    expect(house.sandbox.refused).toEqual([]);
  });

  it("logs as an error what it cannot tell, says so in /readyz, and tells it once it can", async () => {
    await open();
    house.sandbox.setChannel("slack", "C024BE91L", "archived");

    await sendOdd();
    const during = await ready();
    house.sandbox.setChannel("slack", "C024BE91L", "open");
    ahead += 11 * MINUTE;
    await sendOdd();
    await until(() => house.sandbox.messages.length > 0);
    await house.bridge.idle();
    const after = await ready();

    expect(during.status).toBe(200);
    expect(during.body["operator"]).toMatchObject({ reason: expect.stringContaining("archived") });
    expect(house.log.find((line) => line.startsWith("error operator could not be told"))).toContain(
      "put in quarantine",
    );
    expect(told()).toHaveLength(1);
    expect(after.body["operator"]).toBeUndefined();
  });

  it("does not repeat within ten minutes what may have been told already", async () => {
    await open();
    house.sandbox.fault({ platform: "slack", fault: { kind: "reset", taken: true } });

    await sendOdd();
    ahead += 9 * MINUTE;
    await sendOdd();
    const first = told();
    ahead += 2 * MINUTE;
    await house.send("polar", Buffer.from("{"));
    await until(() => house.sandbox.messages.length > 1);

    expect(first).toHaveLength(1);
    expect(told()).toHaveLength(1);
  });

  it("is content when one of several destinations takes a report", async () => {
    await open({ config: `${TO_DISCORD}\noperator: { send: [slack-bot, slack-webhook] }\n` });
    house.sandbox.setChannel("slack", "C024BE91L", "archived");

    await sendOdd();
    const { body } = await ready();
    const posted = house.posted();

    expect(body["operator"]).toBeUndefined();
    expect(house.log.some((line) => line.startsWith("error operator could not be told"))).toBe(
      true,
    );
    expect([posted["slack-bot"].length, posted["slack-webhook"].length]).toEqual([0, 1]);
  });

  it("says once that a parked channel is used again", async () => {
    await open();
    const on = (platform: string) =>
      house.sandbox.messages.filter((one) => one.platform === platform).length;
    house.sandbox.setChannel("discord", DISCORD_CHANNEL, "read_only");
    await house.send("polar", await sample("polar/created"));
    await until(() => on("slack") > 0);
    const first = told();
    house.sandbox.setChannel("discord", DISCORD_CHANNEL, "open");
    ahead += 2 * MINUTE;

    for (const name of ["subscribed", "cancellation-scheduled"])
      await house.send("polar", await sample(`polar/${name}`));
    await until(() => on("discord") === 3);
    await house.bridge.idle();

    expect(first).toEqual([expect.stringMatching(/wait, because .* is parked/)]);
    expect(told()).toEqual([
      expect.stringMatching(/discord-bot\\"+ go out again: its channel .* is no longer parked\./),
    ]);
  });

  it("brings to mind again what stays parked, every four hours", async () => {
    const config = TOLD_ON_SLACK.replace("send: discord-bot", "send: discord-webhook");
    await open({ config });
    house.sandbox.removeWebhook(house.sandbox.discordWebhook("hooked"));
    await house.send("polar", await sample("polar/created"));
    await until(() => house.log.some((line) => line.startsWith("info operator told")));

    const first = told().join();
    const second = await toldAfter(11);
    const third = await toldAfter(4 * 60);

    expect(first).toContain("is parked: The webhook was deleted");
    expect(second).not.toContain("parked");
    expect(third).toMatch(
      /still wait, the oldest for 2\d\d minutes, because its channel \(discord:\w+\) is parked/,
    );
  });

  it("tells after a restart what it could not tell before, all of it in one message", async () => {
    await open();
    await house.bridge.stop();
    const store = await openStore(house.config.store, NOBODY);
    const things = [
      { cause: "one", text: "The first thing." },
      { cause: "two", text: "The second thing." },
    ];
    await store.report(things, Date.now());
    await store.close();

    const again = await startBridge(house.config, { log: SILENT });
    await again.idle();
    await again.stop();

    const messages = told();
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatch(/2 things need attention.*The first thing.*The second thing/);
  });

  it("tells of deliveries that are late by more than ten minutes, but not again and again", async () => {
    await open();
    house.sandbox.fault({
      platform: "discord",
      fault: { kind: "rate_limit", retryAfterMs: 10 * 60 * MINUTE },
    });
    await house.send("polar", await sample("polar/created"));
    await until(() => house.sandbox.requests > 0);

    const first = await toldAfter(11);
    const second = await toldAfter(11);
    const third = await toldAfter(4 * 60);

    const late = /Messages to \\"discord-bot\\" are late: the oldest has waited for (\d+) minutes/;
    expect(first).toMatch(late);
    expect(second).not.toMatch(late);
    expect(third).toMatch(late);
  });

  it("says at once that the store cannot be written, and afterwards that it can", async () => {
    await open();
    const takeWrites = await refuseWrites(house.config.store);

    const refused = await house.send("polar", await sample("polar/created"));
    await until(() => house.sandbox.messages.length > 0);
    const during = bodies(house.posted()["slack-bot"]);
    await takeWrites();
    const accepted = await house.send("polar", await sample("polar/created"));
    await house.bridge.idle();
    const after = told();

    expect(refused.status).toBe(503);
    expect(during).toEqual([expect.stringContaining("The store cannot be written")]);
    expect(house.log.join("\n")).toContain("error store cannot be written");
    expect(accepted.status).toBe(202);
    expect(after).toEqual([expect.stringContaining("The store can be written again")]);
  });

  it("says that only the log is told when no operator is set", async () => {
    await open({ config: TO_DISCORD });

    await sendOdd();

    expect(house.sandbox.messages).toEqual([]);
    expect(house.log.find((line) => line.startsWith("error report to the operator"))).toContain(
      "put in quarantine",
    );
  });
});

const SILENT = { info: () => {}, warn: () => {}, error: () => {} };

function bodies(messages: readonly SandboxMessage[]): string[] {
  return messages.map((message) => JSON.stringify(message.body));
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}
