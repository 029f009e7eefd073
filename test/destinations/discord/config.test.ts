import { describe, expect, it } from "vitest";
import { DiscordConfig } from "../../../src/destinations/discord/config.ts";
import { discord } from "../../../src/destinations/discord/index.ts";

const CHANNEL = "1099414111111111111";
const WEBHOOK = `https://discord.com/api/webhooks/${CHANNEL}/s3cret-Token_1`;

describe("the settings of a Discord destination", () => {
  it("are a bot token and a channel", () => {
    const settings = DiscordConfig.parse({ type: "discord", token: "s3cret", channel: CHANNEL });

    expect(settings).toMatchObject({
      via: "bot",
      channel: CHANNEL,
      apiUrl: "https://discord.com/api",
      onUnknown: "retry",
    });
    expect(JSON.stringify(settings)).not.toContain("s3cret");
  });

  it.each([
    WEBHOOK,
    WEBHOOK.replace("discord.com", "discordapp.com"),
    WEBHOOK.replace("discord.com", "ptb.discord.com"),
    WEBHOOK.replace("discord.com", "canary.discord.com"),
    WEBHOOK.replace("/api/", "/api/v10/"),
    `${WEBHOOK}?thread_id=${CHANNEL}`,
    `http://127.0.0.1:8091/discord/api/webhooks/${CHANNEL}/x`,
  ])("are a webhook such as %s", (webhook) => {
    const settings = DiscordConfig.parse({ type: "discord", webhook, on_unknown: "hold" });

    expect(settings).toMatchObject({ via: "webhook", onUnknown: "hold" });
  });

  it.each([
    ["neither", {}, "token", "needs a token and a channel, or a webhook"],
    ["both", { token: "x", channel: CHANNEL, webhook: WEBHOOK }, "webhook", "not both"],
    ["a bot without a channel", { token: "x" }, "channel", "add `channel:`"],
    ["an empty token", { token: "", channel: CHANNEL }, "token", "The token is empty"],
    [
      "a channel that is a number",
      { token: "x", channel: 1099414111111111200 },
      "channel",
      "put its id in quotes",
    ],
    ["a channel's name", { token: "x", channel: "#sales" }, "channel", "17 to 20 digits"],
    [
      "a webhook elsewhere",
      { webhook: WEBHOOK.replace("discord.com", "evil.example") },
      "webhook",
      "not at evil.example",
    ],
    [
      "a webhook without TLS",
      { webhook: WEBHOOK.replace("https", "http") },
      "webhook",
      "an https address",
    ],
    [
      "half a webhook",
      { webhook: "https://discord.com/api/webhooks/1" },
      "webhook",
      "its id and its token",
    ],
    ["a webhook for Slack's format", { webhook: `${WEBHOOK}/slack` }, "webhook", "remove /slack"],
  ])("are refused with %s", (_, settings, key, message) => {
    const { error } = DiscordConfig.safeParse({ type: "discord", ...settings });

    expect(error?.issues).toHaveLength(1);
    expect(error?.issues[0]?.path).toEqual([key]);
    expect(error?.issues[0]?.message).toContain(message);
    expect(error?.issues[0]?.message).not.toContain("s3cret");
  });
});

describe("a Discord destination", () => {
  it("is a lane of its account, named without secrets", () => {
    const settings = DiscordConfig.parse({ type: "discord", token: "s3cret", channel: CHANNEL });

    const bot = discord.create("a", settings);

    expect(bot.account).toMatch(/^discord:[0-9a-f]{8}$/);
    expect(bot.lane).toBe(`${bot.account}/${CHANNEL}`);
    expect(bot.paceMs).toBe(0);
  });
});
