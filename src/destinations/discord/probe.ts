import type { Finding } from "../destination.ts";
import { failedOutcome } from "./outcome.ts";

/**
 * The types of channel that take messages as they are: text, DM, voice, group DM, announcement, threads, stage.
 * https://docs.discord.com/developers/resources/channel#channel-object-channel-types
 */
const TEXT_CHANNELS: readonly number[] = [0, 1, 2, 3, 5, 10, 11, 12, 13];

/** The types of channel that hold threads only: forum and media. */
const FORUMS: readonly number[] = [15, 16];

/** What Discord says of a channel that the bot sees. */
export function channelFinding(answer: unknown): Finding {
  const { type, name } = (answer ?? {}) as { type?: unknown; name?: unknown };
  const shown = typeof name === "string" ? `#${name}` : "The channel";
  if (typeof type !== "number")
    return { ok: false, text: "The server did not answer with a channel: check `api_url`." };
  if (FORUMS.includes(type))
    return { ok: false, text: `${shown} is a forum: name one of its threads instead.` };
  if (!TEXT_CHANNELS.includes(type))
    return { ok: false, text: `${shown} takes no text messages: name another channel.` };
  return { ok: true, text: `The token works, and the bot sees ${shown}.` };
}

/** What Discord says of a webhook. */
export function webhookFinding(answer: unknown): Finding {
  const { id, name } = (answer ?? {}) as { id?: unknown; name?: unknown };
  if (typeof id !== "string")
    return { ok: false, text: "The server did not answer with a webhook: check the address." };
  return { ok: true, text: `The webhook ${typeof name === "string" ? `"${name}" ` : ""}works.` };
}

/** What went wrong with asking. */
export function failedFinding(what: string, error: unknown): Finding {
  const outcome = failedOutcome(error);
  if (outcome.kind === "delivered") return { ok: false, text: what };
  if (outcome.kind !== "rejected")
    return {
      ok: false,
      text: `Discord could not be asked. ${outcome.reason.text} (${outcome.reason.code})`,
    };
  return { ok: false, text: `${what} ${outcome.reason.text} (${outcome.reason.code})` };
}
