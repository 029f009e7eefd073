import type { MessageRef } from "../../core/outcome.ts";

/** The server of a channel or webhook, from what Discord says of it; `undefined` when it belongs to none. */
export function guildIn(answer: unknown): string | undefined {
  const { guild_id: guild } = (answer ?? {}) as { guild_id?: unknown };
  return typeof guild === "string" ? guild : undefined;
}

/**
 * The address of a message in a server's channel; `null` when it is not known where the message is.
 * https://docs.discord.com/developers/reference#message-formatting
 */
export function messageLink(guild: string, { channel, id }: MessageRef): string | null {
  if (channel === null || id === null) return null;
  return `https://discord.com/channels/${guild}/${channel}/${id}`;
}
