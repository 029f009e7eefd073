import type { JsonObject } from "../../core/json.ts";
import type { Outcome } from "../../core/outcome.ts";
import type { Secret } from "../../core/secret.ts";
import type { Destination, Finding } from "../destination.ts";
import { failureOf } from "../failure.ts";
import { fingerprint } from "../fingerprint.ts";
import { STOPPED } from "../stopped.ts";
import { PACE_MS } from "./bot.ts";
import { TIMEOUT_MS } from "./client.ts";
import type { SlackWebhookSettings } from "./config.ts";
import { slackBody } from "./message.ts";
import { silentOutcome, webhookOutcome } from "./outcome.ts";
import { refusedFinding } from "./probe.ts";

/**
 * A channel that an incoming webhook posts to.
 * https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */
export function slackWebhook(name: string, settings: SlackWebhookSettings): Destination {
  const { webhook } = settings;
  const account = `slack:${fingerprint(webhook.reveal())}`;
  const call = `POST ${new URL(webhook.reveal()).origin}/${String(webhook)}`;
  return {
    name,
    platform: "slack",
    lane: account,
    account,
    paceMs: PACE_MS,
    onUnknown: settings.onUnknown,
    lookAfterMs: 0,
    compose: (message, form) => ({ call, body: slackBody(message, form, null) }),
    send: (request, _attempt, signal) => post(webhook, request.body, signal),
    open: async () => {},
    probe: (signal) => probe(webhook, signal),
  };
}

async function post(webhook: Secret, body: JsonObject, signal: AbortSignal): Promise<Outcome> {
  if (signal.aborted) return STOPPED;
  try {
    const response = await fetch(webhook.reveal(), {
      method: "POST",
      headers: { "content-type": "application/json; charset=utf-8" },
      body: JSON.stringify(body),
      redirect: "error",
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    const text = await response.text();
    return webhookOutcome(response.status, text, response.headers.get("retry-after"));
  } catch (error) {
    return silentOutcome(failureOf(error));
  }
}

/** A webhook tells nothing of itself, but refuses an empty message as such only while it is alive. */
async function probe(webhook: Secret, signal: AbortSignal): Promise<Finding[]> {
  const outcome = await post(webhook, {}, signal);
  if (outcome.kind === "rejected" && outcome.scope === "message")
    return [{ ok: true, text: "The webhook is alive: it refused an empty message as it should." }];
  if (outcome.kind === "delivered")
    return [{ ok: false, text: "The webhook took an empty message: it is not one of Slack's." }];
  return [refusedFinding("The webhook does not work.", outcome)];
}
