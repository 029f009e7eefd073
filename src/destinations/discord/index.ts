import type { DestinationType } from "../destination.ts";
import { discordBot } from "./bot.ts";
import { DiscordConfig } from "./config.ts";
import { discordExcess } from "./excess.ts";
import { discordWebhook } from "./webhook.ts";

/** Channels in Discord, by bot token or by webhook. */
export const discord: DestinationType<typeof DiscordConfig> = {
  type: "discord",
  config: DiscordConfig,
  excess: discordExcess,
  create: (name, settings) =>
    settings.via === "bot" ? discordBot(name, settings) : discordWebhook(name, settings),
};
