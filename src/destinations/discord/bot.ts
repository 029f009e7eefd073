import { createHash } from "node:crypto";
import type { JsonObject } from "../../core/json.ts";
import type { MessageRef } from "../../core/outcome.ts";
import { AskedOnce } from "../asked-once.ts";
import type { Attempt, Destination, Finding } from "../destination.ts";
import { fingerprint } from "../fingerprint.ts";
import { STOPPED } from "../stopped.ts";
import { isLoopback } from "../web-address.ts";
import { API_VERSION, discordClient } from "./client.ts";
import type { DiscordBotSettings } from "./config.ts";
import { MAX_NONCE_CHARS } from "./limits.ts";
import { guildIn, messageLink } from "./link.ts";
import { discordBody } from "./message.ts";
import { answeredOutcome, failedOutcome } from "./outcome.ts";
import { channelFinding, failedFinding } from "./probe.ts";

/** How long the same nonce keeps Discord from posting twice ("past few minutes"), in milliseconds; our cautious reading. */
const NONCE_GOOD_FOR_MS = 120_000;

/**
 * A channel that a bot posts to.
 * https://docs.discord.com/developers/resources/message#create-message
 */
export function discordBot(name: string, settings: DiscordBotSettings): Destination {
  const { channel, apiUrl, token } = settings;
  const account = `discord:${fingerprint(token.reveal())}`;
  const client = discordClient(apiUrl, token);
  const path = `/channels/${channel}/messages` as const;
  const guild = new AskedOnce<string>();
  const askChannel = async (signal: AbortSignal) =>
    (await client.call(Date.now(), (rest) => rest.get(`/channels/${channel}`, { signal }))).answer;

  return {
    name,
    platform: "discord",
    lane: `${account}/${channel}`,
    account,
    paceMs: 0,
    onUnknown: settings.onUnknown,
    lookAfterMs: 0,
    compose: (message, form) => ({
      call: `POST ${apiUrl}/v${API_VERSION}${path}`,
      body: discordBody(message, form),
    }),
    async send(request, attempt, signal) {
      if (signal.aborted) return STOPPED;
      const body: JsonObject = { ...request.body, nonce: nonceOf(attempt), enforce_nonce: true };
      try {
        return answeredOutcome(
          await client.call(attempt.now, (rest) => rest.post(path, { body, signal })),
        );
      } catch (error) {
        return failedOutcome(error);
      }
    },
    /** Nothing needs to be found while the nonce holds: posting again gives the same message. */
    find: (attempt) =>
      Promise.resolve({
        kind: attempt.now - attempt.doubtfulSince < NONCE_GOOD_FOR_MS ? "absent" : "untold",
      }),
    ...(!isLoopback(new URL(apiUrl)) && {
      async link(ref: MessageRef, signal: AbortSignal) {
        const found = await guild.get(async () => guildIn(await askChannel(signal)));
        return found === undefined ? null : messageLink(found, ref);
      },
    }),
    open: () => client.open(),
    async probe(signal): Promise<Finding[]> {
      try {
        return [channelFinding(await askChannel(signal))];
      } catch (error) {
        return [failedFinding(`The channel ${channel} cannot be posted to.`, error)];
      }
    },
  };
}

/** The same for every attempt at a delivery. */
function nonceOf(attempt: Attempt): string {
  return createHash("sha256").update(attempt.delivery).digest("hex").slice(0, MAX_NONCE_CHARS);
}
