import type { Destination, Finding } from "../destination.ts";
import { BridgeError } from "../../core/error.ts";
import type { JsonObject } from "../../core/json.ts";
import { fingerprint } from "../fingerprint.ts";
import { STOPPED } from "../stopped.ts";
import { API_VERSION, discordClient } from "./client.ts";
import { type DiscordWebhookSettings, webhookParts } from "./config.ts";
import { discordBody } from "./message.ts";
import { answeredOutcome, webhookOutcome } from "./outcome.ts";
import { failedFinding, webhookFinding } from "./probe.ts";

/**
 * A channel that a webhook posts to.
 * Throws a `BridgeError` when the settings, which their schema has checked, hold no webhook's address.
 * https://docs.discord.com/developers/resources/webhook#execute-webhook
 */
export function discordWebhook(name: string, settings: DiscordWebhookSettings): Destination {
  const { webhook } = settings;
  const account = `discord:${fingerprint(webhook.reveal())}`;
  const parts = webhookParts(webhook.reveal());
  if (parts === null) throw new BridgeError("webhook-invalid", "The webhook's address is none.");
  const { apiUrl, id, token, thread } = parts;
  const client = discordClient(apiUrl, null);
  const path = `/webhooks/${id}/${token}` as const;
  return {
    name,
    platform: "discord",
    lane: account,
    account,
    paceMs: 0,
    onUnknown: settings.onUnknown,
    lookAfterMs: 0,
    compose(message, form) {
      const body = discordBody(message, form);
      const address = `${apiUrl}/v${API_VERSION}/webhooks/${id}/${String(webhook)}`;
      return { call: `POST ${address}?${queryFor(body, thread).toString()}`, body };
    },
    async send(request, attempt, signal) {
      if (signal.aborted) return STOPPED;
      const { body } = request;
      const query = queryFor(body, thread);
      try {
        return answeredOutcome(
          await client.call(attempt.now, (rest) =>
            rest.post(path, { auth: false, query, body, signal }),
          ),
        );
      } catch (error) {
        return webhookOutcome(error);
      }
    },
    open: () => client.open(),
    async probe(signal): Promise<Finding[]> {
      try {
        const { answer } = await client.call(Date.now(), (rest) =>
          rest.get(path, { auth: false, signal }),
        );
        return [webhookFinding(answer)];
      } catch (error) {
        return [failedFinding("The webhook does not work.", error)];
      }
    },
  };
}

/** Without `wait`, a message that fails to save is answered 204; without `with_components`, its buttons are dropped. */
function queryFor(body: JsonObject, thread: string | null): URLSearchParams {
  return new URLSearchParams({
    wait: "true",
    ...("components" in body && { with_components: "true" }),
    ...(thread !== null && { thread_id: thread }),
  });
}
