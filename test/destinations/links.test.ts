import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Secret } from "../../src/core/secret.ts";
import { AskedOnce } from "../../src/destinations/asked-once.ts";
import { DiscordConfig } from "../../src/destinations/discord/config.ts";
import { discord } from "../../src/destinations/discord/index.ts";
import { guildIn, messageLink } from "../../src/destinations/discord/link.ts";
import { slackClient } from "../../src/destinations/slack/client.ts";
import { SlackConfig } from "../../src/destinations/slack/config.ts";
import { slack } from "../../src/destinations/slack/index.ts";
import { askWorkspaceUrl, permalink } from "../../src/destinations/slack/link.ts";
import { startSandbox, type Sandbox } from "../../src/sandbox/sandbox.ts";
import { DISCORD_CHANNEL, discordClient } from "../sandbox/clients.ts";

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.close());

describe("the link to a posted message", () => {
  it("is made of the workspace's address, as Slack itself does it", async () => {
    const client = slackClient(new Secret("xoxb-sandbox"), sandbox.slackApiUrl.replace(/\/$/, ""));

    const workspaceUrl = await askWorkspaceUrl(client, AbortSignal.timeout(5_000));

    const ref = { channel: "C024BE91L", id: "1795342500.000100", url: null };
    expect(permalink(workspaceUrl ?? "", ref)).toBe(
      `${workspaceUrl}archives/C024BE91L/p1795342500000100`,
    );
    expect(workspaceUrl).toMatch(/^https:\/\/[a-z-]+\.slack\.com\/$/);
  });

  it("is made of the channel's server at Discord", async () => {
    const answer = await discordClient(sandbox).get(`/channels/${DISCORD_CHANNEL}`);

    const guild = guildIn(answer);

    const ref = { channel: DISCORD_CHANNEL, id: "1099414555555555555", url: null };
    expect(guild).toMatch(/^\d+$/);
    expect(messageLink(guild ?? "", ref)).toBe(
      `https://discord.com/channels/${guild}/${DISCORD_CHANNEL}/1099414555555555555`,
    );
  });

  it("is none where it is not known where the message is, or Slack's address is none", () => {
    const nowhere = { channel: null, id: "1", url: null };

    expect(permalink("https://northwind.slack.com/", nowhere)).toBeNull();
    expect(permalink("nonsense", { channel: "C1", id: "1.2", url: null })).toBeNull();
    expect(messageLink("1", nowhere)).toBeNull();
    expect(guildIn({ id: "1", type: 1 })).toBeUndefined();
    expect(guildIn(undefined)).toBeUndefined();
  });

  it("is there for bots at the platforms, and not for those at a sandbox, whose messages nobody can open", () => {
    const slackBot = { type: "slack", token: "xoxb-1", channel: "C024BE91L" };
    const discordBot = { type: "discord", token: "t", channel: DISCORD_CHANNEL };

    const at = (api: { slack?: string; discord?: string }) => [
      slack.create("a", SlackConfig.parse({ ...slackBot, api_url: api.slack })),
      discord.create("b", DiscordConfig.parse({ ...discordBot, api_url: api.discord })),
    ];

    expect(at({}).map((one) => "link" in one)).toEqual([true, true]);
    const local = at({ slack: sandbox.slackApiUrl, discord: sandbox.discordApiUrl });
    expect(local.map((one) => "link" in one)).toEqual([false, false]);
  });
});

describe("what is asked once", () => {
  it("is asked until there is an answer, and by all who want it at the same time together", async () => {
    const once = new AskedOnce<string>();
    let asked = 0;
    const ask = async () => {
      asked += 1;
      return "https://northwind.slack.com/";
    };

    const answers = await Promise.all([once.get(ask), once.get(ask)]);
    const later = await once.get(ask);

    expect(answers).toEqual([later, later]);
    expect(later).toBe("https://northwind.slack.com/");
    expect(asked).toBe(1);
  });

  it("is left alone for a while after it failed, and never fails for those who ask", async () => {
    const once = new AskedOnce<string>();
    let asked = 0;
    const fail = () => {
      asked += 1;
      return Promise.reject(new Error("away"));
    };

    const answers = [await once.get(fail), await once.get(fail)];

    expect(answers).toEqual([undefined, undefined]);
    expect(asked).toBe(1);
  });
});
