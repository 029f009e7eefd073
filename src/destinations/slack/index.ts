import type { DestinationType } from "../destination.ts";
import { slackBot } from "./bot.ts";
import { SlackConfig } from "./config.ts";
import { slackExcess } from "./excess.ts";
import { slackWebhook } from "./webhook.ts";

/** Channels in Slack, by bot token or by incoming webhook. */
export const slack: DestinationType<typeof SlackConfig> = {
  type: "slack",
  config: SlackConfig,
  excess: slackExcess,
  create: (name, settings) =>
    settings.via === "bot" ? slackBot(name, settings) : slackWebhook(name, settings),
};
