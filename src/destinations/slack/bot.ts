import type { webApi } from "@slack/bolt";
import type { JsonObject } from "../../core/json.ts";
import type { MessageRef, Outcome } from "../../core/outcome.ts";
import { clockFrom } from "../clock.ts";
import type { Attempt, Destination } from "../destination.ts";
import { fingerprint } from "../fingerprint.ts";
import { STOPPED } from "../stopped.ts";
import { isLoopback } from "../web-address.ts";
import { allowanceOf } from "./allowance.ts";
import { slackClient } from "./client.ts";
import type { SlackBotSettings } from "./config.ts";
import { findInHistory, LOOK_AFTER_MS, metadataOf } from "./history.ts";
import { askWorkspaceUrl, permalink } from "./link.ts";
import { slackBody } from "./message.ts";
import { answeredOutcome, failedOutcome, heldBack } from "./outcome.ts";
import { isChannelId, probeBot } from "./probe.ts";

/**
 * The least pause between two messages in a channel, in milliseconds.
 * https://docs.slack.dev/apis/web-api/rate-limits
 */
export const PACE_MS = 1000;

/** A channel that a bot posts to. */
export function slackBot(name: string, settings: SlackBotSettings): Destination {
  const { channel, apiUrl } = settings;
  const account = `slack:${fingerprint(settings.token.reveal())}`;
  const client = slackClient(settings.token, apiUrl);
  const allowance = allowanceOf(account, apiUrl);
  const { posting, lookups, channelIds } = allowance;
  const call = `POST ${apiUrl}/chat.postMessage`;

  async function post(body: JsonObject, attempt: Attempt, signal: AbortSignal): Promise<Outcome> {
    const isMarked = allowance.takesMetadata;
    const marked = isMarked ? { ...body, metadata: metadataOf(attempt) } : body;
    const now = clockFrom(attempt.now);
    await client.open();
    const waitMs = posting.leftMs(now());
    if (waitMs > 0) return heldBack(waitMs);
    try {
      const answer = await client.call(signal, (web) =>
        web.chat.postMessage(marked as unknown as webApi.ChatPostMessageArguments),
      );
      if (answer.channel !== undefined) channelIds.set(channel, answer.channel);
      return answeredOutcome(answer);
    } catch (error) {
      const outcome = withoutMetadata(failedOutcome(error), isMarked);
      if (outcome.kind === "retry" && outcome.scope === "account")
        posting.extend(now() + (outcome.afterMs ?? 0));
      return outcome;
    }
  }

  /** Slack's docs disagree on who may send metadata: where it is refused, we go on without. */
  function withoutMetadata(outcome: Outcome, isMarked: boolean): Outcome {
    const isRefused =
      outcome.kind === "rejected" && outcome.reason.code === "metadata_must_be_sent_from_app";
    if (!isRefused || !isMarked) return outcome;
    allowance.takesMetadata = false;
    return { kind: "retry", scope: "lane", reason: outcome.reason };
  }

  async function link(ref: MessageRef, signal: AbortSignal): Promise<string | null> {
    const workspaceUrl = await allowance.workspaceUrl.get(() => askWorkspaceUrl(client, signal));
    return workspaceUrl === undefined ? null : permalink(workspaceUrl, ref);
  }

  return {
    name,
    platform: "slack",
    lane: `${account}/${channel}`,
    account,
    paceMs: PACE_MS,
    onUnknown: settings.onUnknown,
    lookAfterMs: LOOK_AFTER_MS,
    compose: (message, form) => ({ call, body: slackBody(message, form, channel) }),
    async send(request, attempt, signal) {
      if (signal.aborted) return STOPPED;
      try {
        return await post(request.body, attempt, signal);
      } catch (error) {
        return failedOutcome(error);
      }
    },
    async find(attempt, turns, signal) {
      const channelId = channelIds.get(channel) ?? (isChannelId(channel) ? channel : undefined);
      if (channelId === undefined || !allowance.takesMetadata) return { kind: "untold" };
      return findInHistory({ client, lookups, turns }, channelId, attempt, signal);
    },
    ...(!isLoopback(new URL(apiUrl)) && { link }),
    open: () => client.open(),
    probe: (signal) => probeBot(client, channel, signal),
  };
}
