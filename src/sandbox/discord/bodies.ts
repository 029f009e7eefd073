import type { JsonObject } from "../../core/json.ts";
import type { Channel } from "../channels.ts";
import { GUILD_ID, type DiscordWebhook } from "./guild.ts";
import type { Author } from "./messages.ts";

/** A bot as Discord tells of it. https://docs.discord.com/developers/resources/user#user-object */
export function botBody(author: Author): JsonObject {
  return { id: author.id, username: "Bellhop", discriminator: "0", bot: true, verified: true };
}

/** A channel as Discord tells of it. https://docs.discord.com/developers/resources/channel#channel-object */
export function channelBody(channel: Channel): JsonObject {
  const name = channel.name ?? `channel-${channel.id}`;
  return { id: channel.id, type: 0, guild_id: GUILD_ID, name, permission_overwrites: [] };
}

/** A webhook as Discord tells of it. https://docs.discord.com/developers/resources/webhook#webhook-object */
export function webhookBody(webhook: DiscordWebhook): JsonObject {
  const { id, token, channelId } = webhook;
  const names = { name: "Bellhop", avatar: null, application_id: null };
  return { id, type: 1, token, channel_id: channelId, guild_id: GUILD_ID, ...names };
}
